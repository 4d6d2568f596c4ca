// first.mjs - the first page comes quickly, and complete: light on the wire,
// few requests before anything is seen, and no figure needs the script.
import { assert, at, hall, none, stranger, test, visitor } from './suite.mjs';

const WIRE_MOST = 150 * 1000, REQUESTS_MOST = 3;

test('the first page is light and asks for little before it shows', async () => {
    const context = await visitor(hall.then, 'organiser');
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    const requests = new Map();
    await cdp.send('Network.enable');
    await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
    cdp.on('Network.requestWillBeSent', (e) => requests.set(e.requestId,
        { url: e.request.url, at: e.wallTime * 1000, bytes: 0 }));
    cdp.on('Network.loadingFinished', (e) => {
        requests.get(e.requestId).bytes = e.encodedDataLength;
    });
    await page.goto(at(hall.then, '/', { fair: 'HE2020', with: 'XUAN2020' }));
    await page.waitForTimeout(500);
    const paint = await page.evaluate(() => performance.timeOrigin +
        performance.getEntriesByName('first-contentful-paint')[0].startTime);
    const all = [...requests.values()].filter((r) => !r.url.includes('/live'));
    const bytes = all.reduce((n, r) => n + r.bytes, 0);
    await context.close();
    const told = all.map((r) => `${r.bytes} ${r.url}`).join('\n');
    assert.ok(bytes > 0 && bytes < WIRE_MOST, `${bytes} bytes:\n${told}`);
    const before = all.filter((r) => r.at < paint).length - 1;
    assert.ok(before <= REQUESTS_MOST, `${before} requests before it shows:\n` +
        told);
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
