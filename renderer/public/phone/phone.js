// The phone's page: what waits, and two large buttons for each. Everything is set as text, never as mark-up.
import { fill, languageOf, WORDS } from './words.js';
const $ = (id) => document.getElementById(id);
const status = $('status');
const language = languageOf(navigator.languages ?? [navigator.language]);
const words = WORDS[language];
const REFRESH_MS = 15_000;

// figures stay Latin in every language, so that two people read out the same
const FORMAT = `${language}-u-nu-latn`;
const money = ({ minor, currency }) => {
  const digits = new Intl.NumberFormat(FORMAT, { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;
  return new Intl.NumberFormat(FORMAT, { style: 'currency', currency }).format(minor / 10 ** digits);
};
const shown = (value) => (typeof value === 'number' ? String(value) : money(value));

async function ask(question, body = {}) {
  const answer = await fetch(`/phone/api/${question}`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-resale-phone': '1' }, body: JSON.stringify(body), credentials: 'same-origin' });
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(json.message ?? words.silent), { status: answer.status, code: json.code, data: json.data });
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
  node.append(part('p', words.kind[item.kind], 'kind'), part('h2', item.title), part('p', fill(words.from, { quantity: item.quantity, source: item.sourceName }), 'note'));
  for (const drift of item.drift) node.append(part('p', fill(words.changed, { what: words.drift[drift.code], before: shown(drift.before), after: shown(drift.after) }), 'note warn'));
  node.append(facts([[words.most, money(item.total)], [words.profit, item.profit ? money(item.profit) : words.unknown], [words.loss, `${(item.lossChanceBp / 100).toFixed(0)} %`], [words.days, String(item.daysToSell)]]));
  if (item.consents.length > 0) node.append(part('p', fill(words.agreed, { names: item.consents.map((consent) => consent.name).join(', ') }), 'note'));
  if (item.expiresAt !== null) node.append(part('p', fill(words.ends, { hours: Math.max(0, Math.round((item.expiresAt - now) / 3_600_000)) }), 'note warn'));
  const buttons = part('div', undefined, 'buttons');
  const yes = part('button', words.yes[item.kind], 'go');
  const no = part('button', words.no[item.kind]);
  yes.setAttribute('aria-label', `${words.yes[item.kind]}: ${item.title}`);
  no.setAttribute('aria-label', `${words.no[item.kind]}: ${item.title}`);
  if (!item.mayDecide) { yes.disabled = true; yes.textContent = words.another; }
  const decide = async (decision) => {
    yes.disabled = no.disabled = true;
    try {
      const { outcome } = await ask('decide', { kind: item.kind, id: item.id, version: item.version, decision });
      status.textContent = words.done[outcome];
    } catch (error) {
      status.textContent = words.advice[error.code] ?? error.message;
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
    if (inbox.killSwitch) status.textContent = words.stopped;
    else if (inbox.items.length === 0) status.textContent = fill(words.nothing, { name: inbox.name });
  } catch (error) {
    if (error.status === 401) {
      $('list').replaceChildren();
      $('stop').hidden = true;
      $('login').hidden = false;
    } else status.textContent = error.status ? (words.advice[error.code] ?? error.message) : words.unreachable;
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
    status.textContent = error.status === 429 ? words.often : (words.advice[error.code] ?? error.message);
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
document.documentElement.lang = language;
document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
document.title = `${words.title} · Resale Desk`;
$('title').textContent = words.title;
$('stop').textContent = words.stop;
$('code-label').textContent = words.code;
$('link').textContent = words.link;
// a code in the address (from the QR picture) is taken over and removed from it
const code = new URLSearchParams(location.hash.slice(1)).get('code');
if (code) { $('code').value = code; history.replaceState(null, '', location.pathname); }
await load();
setInterval(() => { if (document.visibilityState === 'visible' && $('login').hidden) void load(); }, REFRESH_MS);
