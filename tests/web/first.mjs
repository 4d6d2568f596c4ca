// first.mjs - the first page comes quickly, and complete: light on the wire,
// few requests before anything is seen, and no figure needs the script.
import { assert, at, hall, none, stranger, test, visitor } from './suite.mjs';

const WIRE_MOST = 150 * 1000, REQUESTS_MOST = 3;

/** The requests of the first page, of which those for `held` stay without an
 * answer until it shows. */
async function firstPage(held) {
    const context = await visitor(hall.then, 'organiser');
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    const requests = new Map();
    let release;
    const shown = new Promise((resolve) => { release = resolve; });
    await cdp.send('Network.enable');
    cdp.on('Network.requestWillBeSent', (e) => requests.set(e.requestId,
        { url: e.request.url, bytes: 0 }));
    cdp.on('Network.loadingFinished', (e) => {
        requests.get(e.requestId).bytes = e.encodedDataLength;
    });
    if (held)
        await page.route(held, (route) => shown.then(() => route.continue()));
    await page.goto(at(hall.then, '/', { fair: 'HE2020', with: 'XUAN2020' }),
        { waitUntil: 'commit' });
    await page.waitForFunction(() =>
        performance.getEntriesByName('first-contentful-paint').length > 0);
    release();
    await page.waitForLoadState('load');
    await page.waitForSelector('canvas');
    await page.waitForTimeout(300);
    await context.close();
    return [...requests.values()].filter((r) => !r.url.includes('/live'));
}

const told = (all) => all.map((r) => `${r.bytes} ${r.url}`).join('\n');

test('the first page is light on the wire, with its charts', async () => {
    const all = await firstPage(null);
    const bytes = all.reduce((n, r) => n + r.bytes, 0);
    assert.ok(all.some((r) => r.url.includes('chart.js') && r.bytes > 30000));
    assert.ok(bytes < WIRE_MOST, `${bytes} bytes:\n${told(all)}`);
});

test('the first page shows without waiting for its charts', async () => {
    const all = await firstPage('**/assets/chart.js*');
    const needed = new Set(all.map((r) => r.url)
        .filter((url) => !url.includes('chart.js')));
    assert.ok(needed.size - 1 <= REQUESTS_MOST, told(all));
});

/** Every figure and time of a page, as its source has them. */
const figures = (page) => page.locator('main data, main time').evaluateAll(
    (all) => all.map((e) => e.getAttribute('value') ?? e.dateTime));

test('without the script every page has the same figures', async () => {
    const faults = [];
    const [plain, full] = [await visitor(hall.then, 'organiser',
        { javaScriptEnabled: false }), await visitor(hall.then, 'organiser')];
    const [a, b] = [await plain.newPage(), await full.newPage()];
    for (const path of ['/', '/days', '/hours', '/booths', '/compare',
        '/bulletin', '/daily', '/final']) {
        const url = at(hall.then, path, { fair: 'HE2020' });
        await Promise.all([a.goto(url), b.goto(url)]);
        const [without, withIt] = [await figures(a), await figures(b)];
        if (without.length === 0 ||
            JSON.stringify(without) !== JSON.stringify(withIt))
            faults.push(`${path}: ${without.length} figures without script, ` +
                `${withIt.length} with it`);
        if (await a.locator('canvas').count() > 0)
            faults.push(`${path}: an empty picture without script`);
    }
    await plain.close();
    await full.close();
    none(faults);
});

test('every page carries the policy and is told to no other site', async () => {
    const context = await stranger();
    const reply = await context.request.get(at(hall.then, '/sign-in'));
    const headers = reply.headers();
    await context.close();
    const policy = headers['content-security-policy'] ?? '';
    for (const rule of ["default-src 'none'", "script-src 'self'",
        "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'",
        "form-action 'self'"])
        assert.ok(policy.includes(rule), `${rule} in: ${policy}`);
    assert.ok(!policy.includes('unsafe'), policy);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
});
