// files.mjs - what leaves as a file, read again: CSV, and workbooks from their
// bytes (ZIP and XML), by no library that could have written them.
import zlib from 'node:zlib';
import { assert } from './suite.mjs';

/** Rows of fields (RFC 4180); the byte order mark must be there. */
export function csv(bytes) {
    const text = bytes.toString('utf8');
    assert.equal(text[0], '\ufeff', 'no byte order mark');
    const rows = [];
    let row = [], field = '', quoted = false;
    for (let i = 1; i < text.length; i++) {
        const c = text[i];
        if (quoted && c === '"' && text[i + 1] === '"')
            field += text[++i];
        else if (c === '"')
            quoted = !quoted;
        else if (!quoted && (c === ',' || c === '\n')) {
            row.push(field);
            field = '';
            if (c === '\n')
                rows.push(row), row = [];
        } else if (quoted || c !== '\r')
            field += c;
    }
    assert.equal(row.length, 0, 'the last line does not end');
    return rows;
}

/** Names and bytes of the files in a ZIP, by its central directory. */
export function unzip(bytes) {
    const files = new Map();
    let at = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
    assert.ok(at >= 0, 'no ZIP');
    const n = bytes.readUInt16LE(at + 10);
    at = bytes.readUInt32LE(at + 16);
    for (let i = 0; i < n; i++) {
        const [method, packed] = [bytes.readUInt16LE(at + 10),
            bytes.readUInt32LE(at + 20)];
        const [name, extra, note] = [28, 30, 32].map((o) =>
            bytes.readUInt16LE(at + o));
        const local = bytes.readUInt32LE(at + 42);
        const from = local + 30 + bytes.readUInt16LE(local + 26) +
            bytes.readUInt16LE(local + 28);
        const data = bytes.subarray(from, from + packed);
        files.set(bytes.toString('utf8', at + 46, at + 46 + name),
            method === 8 ? zlib.inflateRawSync(data) : data);
        at += 46 + name + extra + note;
    }
    return files;
}

function plain(xml) {
    return xml.replaceAll('&lt;', '<').replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"').replaceAll('&apos;', "'")
        .replace(/_x([0-9A-F]{4})_/g, (_, hex) =>
            String.fromCharCode(parseInt(hex, 16)))
        .replaceAll('&amp;', '&');
}

function columnOf(ref) {
    return [...ref.replace(/\d+/, '')].reduce((n, c) =>
        26 * n + c.charCodeAt(0) - 64, 0) - 1;
}

const texts = (xml) => [...xml.matchAll(/<t[^>]*>([^<]*)<\/t>/g)]
    .map((m) => plain(m[1])).join('');

/** A workbook: rows of its first sheet (null, text or { number }), how many
 * formulas and charts it has. */
export function workbook(bytes) {
    const files = unzip(bytes);
    const sheet = files.get('xl/worksheets/sheet1.xml').toString('utf8');
    const shared = [...(files.get('xl/sharedStrings.xml') ?? '').toString()
        .matchAll(/<si>(.*?)<\/si>/gs)].map((m) => texts(m[1]));
    const rows = [...sheet.matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map((row) => {
        const cells = [];
        for (const [, attributes, , inner] of row[1]
            .matchAll(/<c ([^>]*?)(\/>|>(.*?)<\/c>)/gs)) {
            const ref = /r="([A-Z]+\d+)"/.exec(attributes)[1];
            const type = /t="(\w+)"/.exec(attributes)?.[1];
            const value = /<v>([^<]*)<\/v>/.exec(inner ?? '')?.[1];
            cells[columnOf(ref)] = type === 'inlineStr' ? texts(inner)
                : type === 's' ? shared[value]
                    : type === 'str' ? plain(value)
                        : value === undefined ? null : { number: Number(value) };
        }
        return cells;
    });
    return {
        rows, files,
        formulas: [...files].filter(([name]) => name.includes('worksheets/'))
            .reduce((n, [, xml]) =>
                n + (xml.toString().match(/<f[ >]/g) ?? []).length, 0),
        charts: [...files.keys()].filter((name) =>
            /^xl\/charts\/chart\d+\.xml$/.test(name)).length,
    };
}
