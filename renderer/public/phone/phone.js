// The phone's page: what waits, and two large buttons for each. Everything is set as text, never as mark-up.
const $ = (id) => document.getElementById(id);
const status = $('status');
const KINDS = { opportunity: 'Worth buying', second: 'Needs a second person', again: 'Changed since it was approved' };
const YES = { opportunity: 'Approve', second: 'Agree', again: 'Approve anew' };
const NO = { opportunity: 'Skip', second: 'Decline', again: 'Give up' };
const DRIFT = { unit: 'Unit price', total: 'Total', quantity: 'In stock', fees: 'Fees of a unit' };
const DONE = { approved: 'Approved. The purchase goes out.', 'waits-for-second': 'Noted. Another person has to agree as well.', refused: 'Declined.', 'asks-again': 'It ran out meanwhile and asks again.' };
const ADVICE = { LIMIT: 'Your limits do not allow this.', KILL_SWITCH: 'Everything that goes out is stopped.', STALE: 'The figures changed. Look again.', NOT_OPEN: 'It is no longer open.', WRONG_STATE: 'It was decided meanwhile.', SAME_PERSON: 'You agreed already: another person is needed.' };
const REFRESH_MS = 15_000;

const money = ({ minor, currency }) => {
  const digits = new Intl.NumberFormat(undefined, { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;
  return new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(minor / 10 ** digits);
};
const shown = (value) => (typeof value === 'number' ? String(value) : money(value));

async function ask(question, body = {}) {
  const answer = await fetch(`/phone/api/${question}`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-resale-phone': '1' }, body: JSON.stringify(body), credentials: 'same-origin' });
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(json.message ?? 'The desk does not answer.'), { status: answer.status, code: json.code, data: json.data });
  return json;
}

const part = (tag, text, className) => {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
};

function facts(pairs) {
  const list = part('dl');
  for (const [name, value] of pairs) {
    const pair = part('div');
    pair.append(part('dt', name), part('dd', value));
    list.append(pair);
  }
  return list;
}

function card(item, now) {
  const node = part('li', undefined, 'item');
  node.append(part('p', KINDS[item.kind], 'kind'), part('h2', item.title), part('p', `${item.quantity} from ${item.sourceName}`, 'note'));
  for (const drift of item.drift) node.append(part('p', `${DRIFT[drift.code]}: ${shown(drift.before)} before, ${shown(drift.after)} now`, 'note warn'));
  node.append(facts([['At most', money(item.total)], ['Profit ≈', item.profit ? money(item.profit) : 'unknown'], ['Loss chance', `${(item.lossChanceBp / 100).toFixed(0)} %`], ['Days to sell ≈', String(item.daysToSell)]]));
  if (item.consents.length > 0) node.append(part('p', `Agreed: ${item.consents.map((consent) => consent.name).join(', ')}`, 'note'));
  if (item.expiresAt !== null) node.append(part('p', `Runs out in ${Math.max(0, Math.round((item.expiresAt - now) / 3_600_000))} h`, 'note warn'));
  const buttons = part('div', undefined, 'buttons');
  const yes = part('button', YES[item.kind], 'go');
  const no = part('button', NO[item.kind]);
  yes.setAttribute('aria-label', `${YES[item.kind]}: ${item.title}`);
  no.setAttribute('aria-label', `${NO[item.kind]}: ${item.title}`);
  if (!item.mayDecide) { yes.disabled = true; yes.textContent = 'Another person needed'; }
  const decide = async (decision) => {
    yes.disabled = no.disabled = true;
    try {
      const { outcome } = await ask('decide', { kind: item.kind, id: item.id, version: item.version, decision });
      status.textContent = DONE[outcome];
    } catch (error) {
      status.textContent = ADVICE[error.code] ?? error.message;
    }
    await load();
  };
  yes.addEventListener('click', () => void decide('approve'));
  no.addEventListener('click', () => void decide('refuse'));
  buttons.append(no, yes);
  node.append(buttons);
  return node;
}

async function load() {
  try {
    const inbox = await ask('inbox');
    $('login').hidden = true;
    $('stop').hidden = inbox.killSwitch;
    $('list').replaceChildren(...inbox.items.map((item) => card(item, inbox.now)));
    if (inbox.killSwitch) status.textContent = 'Everything that goes out is stopped. The desk can allow it again.';
    else if (inbox.items.length === 0) status.textContent = `Nothing waits for you, ${inbox.name}.`;
  } catch (error) {
    if (error.status === 401) {
      $('list').replaceChildren();
      $('stop').hidden = true;
      $('login').hidden = false;
    } else status.textContent = error.status ? error.message : 'The desk cannot be reached. Nothing was decided.';
  }
}

$('login').addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    await ask('login', { code: $('code').value });
    $('code').value = '';
    status.textContent = '';
    await load();
  } catch (error) {
    status.textContent = error.status === 429 ? 'Too many attempts: wait a minute.' : error.message;
  }
});
$('stop').addEventListener('click', async () => {
  try {
    await ask('stop');
  } catch (error) {
    status.textContent = error.message;
  }
  await load();
});
// a code in the address (from the QR picture) is taken over and removed from it
const code = new URLSearchParams(location.hash.slice(1)).get('code');
if (code) { $('code').value = code; history.replaceState(null, '', location.pathname); }
await load();
setInterval(() => { if (document.visibilityState === 'visible' && $('login').hidden) void load(); }, REFRESH_MS);
