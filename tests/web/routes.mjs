// routes.mjs - which pages there are, by the description the server gives.
import { ask, assert, stranger } from './suite.mjs';

/** The paths of /openapi.yaml: { path: { method: [query parameters] } }. Read
 * line by line: the file is ours, and a parser of YAML is not among the
 * modules. */
export async function routes(server) {
    const context = await stranger();
    const reply = await ask(context, server, '/openapi.yaml');
    assert.equal(reply.status(), 200);
    const found = {};
    let path, method, section;
    for (const line of (await reply.text()).split('\n')) {
        const key = /^( *)(['"]?)([^\s'"#-][^'":]*)\2:/.exec(line);
        const depth = key?.[1].length;
        if (depth === 0)
            section = key[3];
        else if (section === 'paths' && depth === 2)
            found[path = key[3]] = {};
        else if (section === 'paths' && depth === 4)
            found[path][method = key[3]] = { tags: '', params: [] };
        else if (section === 'paths' && depth === 6 && key[3] === 'tags')
            found[path][method].tags = line;
        const param = /parameters\/(\w+)'?$/.exec(line);
        if (section === 'paths' && param)
            found[path][method].params.push(param[1].toLowerCase());
    }
    await context.close();
    return found;
}

/** Those that are pages for people. */
export async function pages(server) {
    return Object.entries(await routes(server))
        .filter(([, methods]) => methods.get?.tags.includes('pages') ||
            methods.get?.tags.includes('account'))
        .map(([path, methods]) => ({ path, params: methods.get.params }));
}
