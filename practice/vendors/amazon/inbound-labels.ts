const plain = (line: string) => line.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/[\\()]/g, (sign) => `\\${sign}`);

/** A PDF page of lines for each label: enough for a printer, and for a reader to see what it is. */
export function labelSheet(labels: readonly (readonly string[])[]): Uint8Array {
  const contents = labels.map((lines) => `BT /F1 14 Tf 30 170 Td 20 TL ${lines.map((line) => `(${plain(line).slice(0, 60)}) Tj T*`).join(' ')} ET`);
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>', `<< /Type /Pages /Count ${labels.length} /Kids [${labels.map((_label, place) => `${4 + place * 2} 0 R`).join(' ')}] >>`, '<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>',
    ...contents.flatMap((content, place) => [`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 432 216] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + place * 2} 0 R >>`, `<< /Length ${content.length} >>\nstream\n${content}\nendstream`]),
  ];
  let text = '%PDF-1.4\n%\xe2\xe3\xcf\xd3\n';
  const offsets = objects.map((body, place) => {
    const at = text.length;
    text += `${place + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}
