/** The words of a saved page or mail, line by line, with the cells of a table's row beside one another. */
import { isTag, isText, type AnyNode, type Element } from 'domhandler';
import { attribute, parseHtml, visibleText } from './parse-html.ts';

const DEEPEST = 300;
const MOST_LINES = 3_000;
const isCell = (node: AnyNode): node is Element => isTag(node) && (node.name === 'td' || node.name === 'th');
const isHidden = (element: Element): boolean => attribute(element, 'hidden') !== undefined || /display\s*:\s*none|visibility\s*:\s*hidden/i.test(attribute(element, 'style') ?? '');

function holdsRow(element: Element, depth = 0): boolean {
  return depth < DEEPEST && element.children.some((child) => isTag(child) && (child.name === 'tr' || holdsRow(child, depth + 1)));
}

/** First line beside first line, second beside second: a name and its amount stand together, and what is said below the name follows. */
function rowLines(row: Element): string[] {
  const cells = row.children.filter(isCell).filter((cell) => !isHidden(cell)).map((cell) => visibleText(cell).split('\n').map((line) => line.trim()).filter((line) => line !== ''));
  const longest = Math.max(0, ...cells.map((cell) => cell.length));
  return Array.from({ length: longest }, (_, at) => cells.map((cell) => cell[at] ?? '').filter((text) => text !== '').join('\t'));
}

/** What the walk leaves whole: its text is one piece. */
function isLeaf(element: Element, depth = 0): boolean {
  return depth > DEEPEST || !element.children.some((child) => isTag(child) && (child.name === 'tr' || isHidden(child) || !isLeaf(child, depth + 1)));
}

function collect(node: AnyNode, lines: string[], depth: number): void {
  if (lines.length >= MOST_LINES || depth > DEEPEST) return;
  if (isText(node)) {
    const text = node.data.replace(/\s+/g, ' ').trim();
    if (text !== '') lines.push(text);
    return;
  }
  if (!isTag(node) || isHidden(node)) return;
  if (node.name === 'tr' && !holdsRow(node)) return void lines.push(...rowLines(node));
  if (isLeaf(node)) return void lines.push(...visibleText(node).split('\n'));
  for (const child of node.children) collect(child, lines, depth + 1);
}

/** @returns lines without empty ones; cells of a row are parted by tabs */
export function documentLines(html: string): string[] {
  const lines: string[] = [];
  for (const child of parseHtml(html).children) collect(child, lines, 0);
  return lines.map((line) => line.trim()).filter((line) => line !== '').slice(0, MOST_LINES);
}
