import { isConnectorError, messageOf } from '#kernel/errors.ts';
import type { Clock } from '#kernel/time.ts';
import { COVERED_FIELDS, type DetectedSite, type OpenSource, type RawOffer, type RawReject, type SiteDetectorPort, type SourceAdapter } from '#engine/sources/ports.ts';
import type { FetchPolicy, FetchRequest, FetchResult, Fetcher } from '../fetch/fetcher.ts';
import type { PageBrowser } from '../fetch/browser-fetcher.ts';
import { findLinks } from '../frontier/find-links.ts';
import type { SiteTools } from '../source/open-config.ts';
import { CountingFetcher, SPENT } from './count-requests.ts';
import { findPlatforms, rootOf, siteName, type Platform, type SeenPage } from './find-platform.ts';
import { isEmptyShell } from './find-shell.ts';
import { findStandIn, SIGN_IN, type StandIn } from './find-stand-in.ts';
import { sampleSitemap, type SitemapSampler } from './sample-sitemap.ts';
import { scoreCoverage } from './score-coverage.ts';

/** A site that is known by its host; null for any other. `refusal` says why this address of it cannot be a source. */
export type HostRule = (address: URL) => { readonly kind: string; readonly label: string; readonly baseUrl: string; readonly settings: Readonly<Record<string, unknown>>; readonly scanUrl?: string | undefined; readonly refusal?: string | undefined } | null;

export interface DetectorTools {
  readonly clock: Clock;
  readonly fetcher: Fetcher;
  /** Made with a fetcher of the detector's own, which counts. */
  readonly adapters: (tools: SiteTools) => readonly SourceAdapter[];
  readonly hosts: readonly HostRule[];
  /** For kinds that list their products in sitemaps: their pages are picked, not taken in order. Made anew for each sample. */
  readonly samplers: Readonly<Record<string, () => SitemapSampler>>;
  /** Practice market and tests. */
  readonly allowLoopback: boolean;
  /** For sites whose pages scripts fill; absent where no browser may be used. */
  readonly browser?: PageBrowser | undefined;
  /** Real time for the whole; a minute unless told. A person waits for it. */
  readonly timeLimitMs?: number | undefined;
}

/** Of a whole detection, robots.txt included. */
const MOST_REQUESTS = 12;
const ROBOTS_REQUESTS = 1;
const TIME_LIMIT_MS = 60_000;
const WANTED = 6;
/** A page in the browser asks for several things. */
const WANTED_RENDERED = 3;
/** Front page, category, product, with one to spare for the pages of a category. */
const LINK_DEPTH = 3;
/** Below this share a field is named as missing. */
const POOR_BP = 5_000;
const PACE: FetchPolicy = { minIntervalMs: 500, concurrency: 1, timeoutMs: 15_000 };
const KIND = 'site-detection';

type Problem = DetectedSite['problems'][number];
interface Candidate {
  readonly kind: string;
  readonly label: string;
  readonly baseUrl: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** What the adapter reads, where it is not the source's address. */
  readonly scanUrl?: string | undefined;
}
interface Taken {
  readonly offers: readonly RawOffer[];
  readonly rejects: readonly RawReject[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly problem?: Problem | undefined;
  /** Pages of the sample were empty shells. */
  readonly needsBrowser?: boolean | undefined;
  /** What was shown in place of every page of the sample. */
  readonly standIn?: StandIn | undefined;
}

/** Tells what stands at an address: by host, by what the page gives away, by asking the platforms' public interfaces, else by structured data. */
export function createSiteDetector(tools: DetectorTools): SiteDetectorPort {
  return { detect: (address, { signal }) => new Detection(tools, signal).run(new URL(address)) };
}

class Detection {
  readonly #tools: DetectorTools;
  readonly #signal: AbortSignal;
  readonly #fetcher: CountingFetcher;
  readonly #adapters: ReadonlyMap<string, SourceAdapter>;
  readonly #policy: FetchPolicy;
  #rendered = 0;
  constructor(tools: DetectorTools, signal: AbortSignal) {
    this.#tools = tools;
    this.#signal = signal;
    this.#fetcher = new CountingFetcher(tools.fetcher, MOST_REQUESTS - ROBOTS_REQUESTS, AbortSignal.timeout(tools.timeLimitMs ?? TIME_LIMIT_MS));
    this.#adapters = new Map(tools.adapters({ clock: tools.clock, fetcher: this.#fetcher }).map((a) => [a.kind, a]));
    this.#policy = { ...PACE, allowLoopback: tools.allowLoopback };
  }

  async run(address: URL): Promise<DetectedSite> {
    for (const rule of this.#tools.hosts) {
      const known = rule(address);
      if (known?.refusal !== undefined) return { ...this.#nothing(address, [{ code: 'no-sample', message: known.refusal }]), label: known.label };
      if (known) return this.#propose(known, await this.#sample(known));
    }
    const page = await this.#look(address.href);
    if ('code' in page) return this.#nothing(address, [page]);
    const standIn = findStandIn(page);
    if (standIn?.code === 'no-page') return this.#nothing(address, [standIn]);
    const signs = findPlatforms(page);
    // A headless shop gives nothing away, and answers its platform's interface all the same.
    const order: Platform[] = signs.length > 0 ? signs : ['woocommerce', 'shopify'];
    const label = siteName(page.html, page.url) ?? new URL(page.url).host;
    const problems: Problem[] = [];
    for (const kind of order) {
      const candidate = { kind, label, baseUrl: rootOf(kind, page), settings: {} };
      const taken = await this.#sample(candidate);
      if (taken.offers.length > 0) return this.#propose(candidate, taken);
      if (taken.problem && signs.includes(kind)) problems.push(taken.problem);
    }
    const structured = { kind: 'structured-shop', label, baseUrl: new URL(page.url).origin, settings: {} };
    const taken = await this.#sample(structured, { links: findLinks(page.html, page.url) });
    if (taken.offers.length > 0) return this.#propose(structured, taken, problems);
    const instead = standIn ?? taken.standIn;
    // what the platform's interface refuses follows from it
    if (instead) return this.#nothing(address, [instead]);
    if (taken.needsBrowser || isEmptyShell(page.html)) return this.#lookWithBrowser(structured, page, problems);
    const read = scoreCoverage([], taken.rejects);
    const why: Problem = read.title > 0
      ? { code: 'no-sample', message: `Products were found, but none with a sure price: ${taken.rejects[0]?.reason ?? ''}` }
      : { code: 'unknown-platform', message: taken.rejects.length > 0 ? 'The pages that its sitemap lists describe no products in a form that programs can read.' : 'Neither a known shop system nor a sitemap with product pages was found.' };
    return { ...this.#nothing(new URL(page.url), [...problems, why]), rejects: taken.rejects };
  }

  /** The site's HTML is an empty shell: scripts fill it. A few pages are read as the browser shows them. */
  async #lookWithBrowser(structured: Candidate, page: SeenPage, problems: readonly Problem[]): Promise<DetectedSite> {
    const needs: Problem = { code: 'needs-browser', message: 'Its pages are filled by scripts: the desk reads them with Chrome or Edge, which takes longer.' };
    const browser = this.#tools.browser;
    if (!browser) return this.#nothing(new URL(page.url), [...problems, { ...needs, message: `${needs.message} No browser may be used here.` }]);
    try {
      const shown = await browser.fetch({ url: page.url, connector: KIND, operation: 'look at the address' }, this.#policy, this.#signal);
      this.#rendered += shown.requests;
      const taken = await this.#sample({ ...structured, label: siteName(shown.text, shown.url) ?? structured.label }, { links: findLinks(shown.text, shown.url), browser });
      const settings = { ...taken.settings, render: true };
      if (taken.offers.length > 0) return this.#propose({ ...structured, label: siteName(shown.text, shown.url) ?? structured.label }, { ...taken, settings }, [...problems, needs]);
      return { ...this.#nothing(new URL(page.url), [...problems, { code: 'no-sample', message: 'Its pages are filled by scripts, and show no products with a sure price in a browser either.' }]), rejects: taken.rejects.slice(0, 20) };
    } catch (error) {
      this.#signal.throwIfAborted();
      const why = problemOf(error);
      return this.#nothing(new URL(page.url), [...problems, isConnectorError(error) && error.detail.code === 'NO_BROWSER' ? { ...needs, message: `${needs.message} ${error.detail.message}` } : why]);
    }
  }

  /** The page at the address, or why there is none. */
  async #look(url: string): Promise<SeenPage | Problem> {
    try {
      const answer = await this.#fetcher.fetch({ url, connector: KIND, operation: 'look at the address', headers: { accept: 'text/html' } }, this.#policy, this.#signal);
      return { url: answer.url, html: answer.text, headers: answer.headers };
    } catch (error) {
      this.#signal.throwIfAborted();
      // A shop without a front page still has its interfaces.
      if (isConnectorError(error) && error.detail.httpStatus === 404) return { url, html: '', headers: {} };
      return problemOf(error);
    }
  }

  async #sample(candidate: Candidate, more: { readonly links?: readonly string[]; readonly browser?: PageBrowser } = {}): Promise<Taken> {
    const sampler = this.#tools.samplers[candidate.kind];
    try {
      if (!sampler) return await this.#sampleScan(candidate);
      const taken = await sampleSitemap(candidate.baseUrl, candidate.label, {
        sampler: sampler(), want: more.browser ? WANTED_RENDERED : WANTED, links: more.links ?? [], render: more.browser ? this.#renderWith(more.browser) : undefined,
        tools: { fetcher: this.#fetcher, policy: this.#policy, signal: this.#signal, now: () => this.#tools.clock.now() },
      });
      const settings = candidate.kind !== 'structured-shop' ? {} : { ...(taken.productPath === null ? {} : { productPath: taken.productPath }), ...(taken.byLinks ? { followLinks: LINK_DEPTH } : {}) };
      return { offers: taken.offers, rejects: taken.rejects, settings, needsBrowser: taken.shells > 0, standIn: taken.standIn };
    } catch (error) {
      this.#signal.throwIfAborted();
      return { offers: [], rejects: [], settings: {}, problem: problemOf(error) };
    }
  }

  #renderWith(browser: PageBrowser): (request: FetchRequest) => Promise<FetchResult> {
    return async (request) => {
      const shown = await browser.fetch(request, this.#policy, this.#signal);
      this.#rendered += shown.requests;
      return shown;
    };
  }

  async #sampleScan(candidate: Candidate): Promise<Taken> {
    const adapter = this.#adapters.get(candidate.kind);
    const opened = adapter?.open({
      ...(candidate.scanUrl === undefined ? { baseUrl: candidate.baseUrl } : { baseUrl: candidate.scanUrl }), label: candidate.label, ...candidate.settings,
      ...(this.#tools.allowLoopback ? { politeness: { allowLoopback: true } } : {}),
    });
    if (!opened?.ok) return { offers: [], rejects: [], settings: {}, problem: { code: 'unknown-platform', message: opened ? opened.error.map((p) => `${p.field}: ${p.reason}`).join('; ') : `${candidate.kind} cannot be read` } };
    return { ...(await this.#takePages(opened.value)), settings: {} };
  }

  async #takePages(source: OpenSource): Promise<Pick<Taken, 'offers' | 'rejects' | 'problem'>> {
    const offers: RawOffer[] = [];
    const rejects: RawReject[] = [];
    try {
      for await (const page of source.scan({ signal: this.#signal, limits: { maxOffers: WANTED, maxRequests: this.#fetcher.left } })) {
        offers.push(...page.offers);
        rejects.push(...page.rejects);
        if (offers.length >= WANTED || this.#fetcher.left === 0) break;
      }
    } catch (error) {
      this.#signal.throwIfAborted();
      if (offers.length === 0 || !isConnectorError(error)) return { offers, rejects, problem: isConnectorError(error) && error.detail.code === SPENT ? undefined : problemOf(error) };
    } finally {
      await source.close();
    }
    return { offers, rejects };
  }

  #propose(candidate: Candidate, taken: Taken, earlier: readonly Problem[] = []): DetectedSite {
    const coverage = scoreCoverage(taken.offers, taken.rejects);
    const missing: Problem[] = taken.offers.length === 0 ? [] : COVERED_FIELDS.filter((f) => coverage[f] < POOR_BP).map((field) => ({ code: 'field-missing', field, message: `${field}: read for ${Math.round(coverage[field] / 100)} % of the sample` }));
    const none: Problem[] = taken.offers.length > 0 ? [] : [taken.problem ?? { code: 'no-sample', message: taken.rejects[0]?.reason ?? 'it shows no products' }];
    return {
      kind: taken.offers.length > 0 ? candidate.kind : null, label: candidate.label, baseUrl: candidate.baseUrl, settings: { ...candidate.settings, ...taken.settings },
      sample: taken.offers.slice(0, 20), rejects: taken.rejects.slice(0, 20), coverage, requests: this.#fetcher.requests + this.#rendered, problems: [...earlier, ...none, ...missing],
    };
  }

  #nothing(address: URL, problems: readonly Problem[]): DetectedSite {
    return { kind: null, label: address.host, baseUrl: address.origin, settings: {}, sample: [], rejects: [], coverage: scoreCoverage([], []), requests: this.#fetcher.requests + this.#rendered, problems };
  }
}

function problemOf(error: unknown): Problem {
  if (!isConnectorError(error)) return { code: 'unreachable', message: messageOf(error) };
  if (error.detail.code === 'ROBOTS') return { code: 'forbidden-by-robots', message: error.detail.message };
  const instead = error.detail.page === undefined ? null : findStandIn({ html: error.detail.page });
  if (instead) return instead;
  if (error.kind === 'SessionLost') return SIGN_IN;
  if (error.detail.httpStatus === 403) return { ...SIGN_IN, message: 'It refuses access, as sites do where they want a sign-in. If you have one there, add it anyway, then keep your sign-in in its panel.' };
  return { code: error.kind === 'Critical' ? 'no-sample' : 'unreachable', message: error.detail.message };
}
