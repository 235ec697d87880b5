// Plays one of the others' clients against an address: node play.cjs CLIENT ADDRESS APPID SECRET OPENID
// Prints one JSON object: what each deed came to, or the error that the client made of it.
'use strict';

const { promisify } = require('node:util');
const { mkdtempSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const [client, address, appid, secret, openid] = process.argv.slice(2);
const MENU = { button: [{ type: 'click', name: '进度', key: 'progress' }] };
const FIELDS = { thing1: { value: '井盖' }, phrase2: { value: '办结' }, time3: { value: '2026年3月2日 09:00' } };
// The smallest picture that is one: a single point.
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg==', 'base64');

function picture() {
  const file = join(mkdtempSync(join(tmpdir(), 'client-')), 'a.png');
  writeFileSync(file, PICTURE);
  return file;
}

// The two oldest share their names; wechat-api calls back.
function cnpm(api, call) {
  return {
    followers: () => call('getFollowers'),
    person: () => call('getUser', openid),
    menu: async () => [await call('createMenu', MENU), await call('getMenu'), await call('removeMenu')],
    text: () => call('sendText', openid, '您好'),
    template: () => call('sendTemplate', openid, 'T-PROGRESS', 'https://example.com/', '#173177', FIELDS),
    code: () => call('createTmpQRCode', 'street-7', 600),
    media: async () => {
      const sent = await call('uploadMedia', picture(), 'image');
      return { type: sent.type, same: Buffer.compare(await call('getMedia', sent.media_id), PICTURE) === 0 };
    },
    stranger: () => call('sendText', 'nobody', '您好'),
    nothing: () => call('sendText', openid, ''),
  };
}

function easywechat() {
  const { OfficialAccount } = require('node-easywechat');
  const app = new OfficialAccount({ app_id: appid, secret, http: { baseURL: `${address}/`, throw: false } });
  const http = app.getClient();
  const get = async (path, params) => (await http.get(path, { params })).toObject();
  const post = async (path, json) => (await http.post(path, { json })).toObject();
  const text = (to, content) => post('cgi-bin/message/custom/send', { touser: to, msgtype: 'text', text: { content } });
  return {
    followers: () => get('cgi-bin/user/get', {}),
    person: () => get('cgi-bin/user/info', { openid }),
    menu: async () => [await post('cgi-bin/menu/create', MENU), await get('cgi-bin/menu/get', {}), await get('cgi-bin/menu/delete', {})],
    text: () => text(openid, '您好'),
    template: () => post('cgi-bin/message/template/send', { touser: openid, template_id: 'T-PROGRESS', data: FIELDS }),
    code: () => post('cgi-bin/qrcode/create', { expire_seconds: 600, action_name: 'QR_STR_SCENE', action_info: { scene: { scene_str: 'street-7' } } }),
    stranger: () => text('nobody', '您好'),
    nothing: () => text(openid, ''),
  };
}

function deeds() {
  if (client === 'node-easywechat') return easywechat();
  if (client === 'co-wechat-api') {
    const api = new (require('co-wechat-api'))(appid, secret);
    for (const name of ['prefix', 'mpPrefix', 'fileServerPrefix']) api[name] = `${address}/cgi-bin/`;
    return cnpm(api, (name, ...given) => api[name](...given));
  }
  const api = new (require('wechat-api'))(appid, secret);
  api.endpoint = address;
  api.fileServerPrefix = api.mpPrefix = `${address}/cgi-bin/`;
  const call = (name, ...given) => promisify((done) => api[name](...given, (error, told) => done(error, told)))();
  return cnpm(api, call);
}

async function main() {
  const found = {};
  for (const [name, deed] of Object.entries(deeds())) {
    try {
      found[name] = await deed();
    } catch (error) {
      found[name] = { error: String(error.message), code: error.code ?? null };
    }
  }
  process.stdout.write(JSON.stringify(found));
}

main();
