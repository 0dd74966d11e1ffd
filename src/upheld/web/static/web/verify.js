// Verifies a .tlog-proof file or a bundle in the reader's own browser. Nothing is sent anywhere: the page may not connect to anything.
// It does what `upheld.ledger.verify` does in Python, as strictly, with the browser's own SHA-256 and Ed25519.
"use strict";

const MAX_NOTE = 1 << 20, MAX_PROOF = 2 << 20, MAX_FILE = 256 << 20, MAX_MANIFEST = 8 << 20, MAX_PATH = 63, MAX_SIZE = (1n << 63n) - 1n, MAX_ENTRY = 65535;
const utf8 = new TextEncoder(), ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;
const NAME = /^[^\s+\u001c-\u001f\u0085]+$/u, NUMBER = /^(0|[1-9][0-9]{0,18})$/;
// The points of small order, under which any signature could be made to fit; their sign is left out.
const WEAK = new Set([
  "0100000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]);

class Refused extends Error {}
const refuse = (why) => { throw new Refused(why); };
const short = (said) => JSON.stringify(String(said).slice(0, 80));
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
const below = (bytes) => bytes.reduceRight((sum, byte) => (sum << 8n) + BigInt(byte), 0n);
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(parts)));

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

function text(bytes, what) {
  try { return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes); } catch { return refuse(`${what} is not UTF-8`); }
}

// Base64 in the one spelling that gives these bytes; null for any other.
function base64(said) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(said)) return null;
  try { const found = atob(said); return btoa(found) === said ? Uint8Array.from(found, (each) => each.charCodeAt(0)) : null; } catch { return null; }
}

function hash(line, what) {
  const found = base64(line);
  return found && found.length === 32 ? found : refuse(`${what} holds ${short(line)}, which is not the base64 of a hash`);
}

function number(said, what) {
  if (!NUMBER.test(said) || BigInt(said) > MAX_SIZE) refuse(`${what} ${short(said)} is not a decimal number up to 2^63-1 without leading zeros or signs`);
  return BigInt(said);
}

// A verification key as Go's note package writes it: name+id+base64.
async function readKey(said) {
  const [name, id, ...rest] = said.trim().split("+"), raw = base64(rest.join("+"));
  if (!rest.length || !NAME.test(name) || !/^[0-9a-f]{8}$/.test(id)) refuse("The key is written name+id+base64, such as example.com/log+1a2b3c4d+AQ...");
  if (!raw || raw.length !== 33 || raw[0] !== 1) refuse("The key is not a log's key of Ed25519");
  const point = raw.slice(1), plain = point.slice();
  plain[31] &= 127;
  if (WEAK.has(hex(plain)) || below(plain) >= (1n << 255n) - 19n) refuse("The key is one under which any signature could be made to fit");
  const computed = (await sha256(utf8.encode(`${name}\n`), raw)).slice(0, 4);
  if (hex(computed) !== id) refuse(`The key has the id ${hex(computed)}, not ${id}`);
  const made = await crypto.subtle.importKey("raw", point, { name: "Ed25519" }, false, ["verify"])
    .catch((error) => refuse(error.name === "NotSupportedError" ? "This browser knows no Ed25519: use the verifier in Python" : "The key is no point of Ed25519"));
  return { name, id: computed, made };
}

// A signed note: three lines, an empty one, signatures. Each under the key's name and id must fit, and one must be there.
async function readCheckpoint(bytes, key) {
  if (bytes.length > MAX_NOTE) refuse("The checkpoint is too long");
  const said = text(bytes, "The checkpoint"), end = said.lastIndexOf("\n\n");
  if (/[\u0000-\u0009\u000b-\u001f]/.test(said)) refuse("The checkpoint contains a control character");
  if (end < 0 || !said.endsWith("\n")) refuse("The checkpoint does not end in an empty line, signatures and a newline");
  const body = said.slice(0, end + 1), lines = body.slice(0, -1).split("\n"), signatures = said.slice(end + 2).split("\n").slice(0, -1);
  if (lines.length !== 3) refuse(`The checkpoint has ${lines.length} lines before its signatures; origin, size and root are three`);
  if (!NAME.test(lines[0])) refuse(`${short(lines[0])} cannot be an origin`);
  if (signatures.length < 1 || signatures.length > 100) refuse(`The checkpoint has ${signatures.length} signatures: 1 to 100 are accepted`);
  const found = { origin: lines[0], size: number(lines[1], "The size"), root: hash(lines[2], "The checkpoint"), note: bytes };
  if (found.origin !== key.name) refuse(`The checkpoint is of ${short(found.origin)}, not of ${short(key.name)}`);
  let good = 0;
  for (const line of signatures) good += await isGood(line, key, utf8.encode(body));
  if (!good) refuse("The checkpoint is not signed by the key that you trust");
  return found;
}

async function isGood(line, key, message) {
  const [dash, name, encoded, ...rest] = line.split(" "), raw = encoded === undefined ? null : base64(encoded);
  if (dash !== "\u2014" || rest.length || !NAME.test(name ?? "")) refuse(`The signature line ${short(line)} does not begin with a dash, a space and a name`);
  if (!raw || raw.length < 5) refuse(`The signature by ${short(name)} is not the base64 of a key id and a signature`);
  if (name !== key.name || !same(raw.slice(0, 4), key.id)) return 0;
  const signature = raw.slice(4);
  const fits = signature.length === 64 && below(signature.slice(32)) < ORDER && await crypto.subtle.verify({ name: "Ed25519" }, key.made, signature, message);
  return fits ? 1 : refuse(`The signature by ${name} does not fit the checkpoint`);
}

// RFC 9162, 2.1.3.2.
async function mustInclude(leaf, index, size, path, root) {
  if (index >= size) refuse(`There is no entry ${index} in a tree of ${size}`);
  let at = index, last = size - 1n, node = leaf;
  for (const step of path) {
    if (last === 0n) refuse("The proof has more hashes than the tree has levels");
    if (at & 1n || at === last) {
      node = await sha256([1], step, node);
      while (!(at & 1n) && at !== 0n) { at >>= 1n; last >>= 1n; }
    } else node = await sha256([1], node, step);
    at >>= 1n; last >>= 1n;
  }
  if (last !== 0n) refuse("The proof has fewer hashes than the tree has levels");
  if (!same(node, root)) refuse("The proof leads to another root: this entry is not in this log at this place");
}

// Canonical JSON (RFC 8785) of integers, plain keys and bounded depth: written again, it must be the same text.
function canonical(said, what) {
  let value;
  try { value = JSON.parse(said); } catch { refuse(`${what} is not JSON`); }
  const write = (each, depth) => {
    if (each === null || typeof each === "boolean") return String(each);
    if (typeof each === "string") return each.isWellFormed() ? JSON.stringify(each) : refuse(`${what} holds half a character`);
    if (typeof each === "number") return Number.isSafeInteger(each) && !Object.is(each, -0) ? String(each) : refuse(`${what} holds a number that is no integer up to 2^53-1`);
    if (depth >= 16) refuse(`${what} is more than 16 levels deep`);
    if (Array.isArray(each)) return `[${each.map((one) => write(one, depth + 1)).join(",")}]`;
    const names = Object.keys(each).sort();
    if (!names.every((name) => /^[a-z0-9_.-]{1,128}$/.test(name))) refuse(`${what} has a key that none of ours has`);
    return `{${names.map((name) => `${JSON.stringify(name)}:${write(each[name], depth + 1)}`).join(",")}}`;
  };
  if (write(value, 0) !== said) refuse(`${what} is JSON, but not in its canonical form`);
  return value;
}

const isText = (pattern) => (value) => typeof value === "string" && pattern.test(value);
const isWord = isText(/^[a-z][a-z0-9_-]{0,63}$/), isDigest = isText(/^[0-9a-f]{64}$/), isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isId = isText(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const has = (value, names) => isObject(value) && Object.keys(value).sort().join() === names;
const isInstant = (value) => isText(/^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)(value) && !Number.isNaN(Date.parse(value))
  && new Date(`${value.slice(0, 19)}Z`).toISOString().slice(0, 19) === value.slice(0, 19);
const isParty = (via) => (value) => {
  const named = has(value, via ? "id,type,via" : "id,type"), tagged = has(value, via ? "tag,type,via" : "tag,type");
  if (!(named || tagged) || !isWord(value.type) || (via && !isWord(value.via))) return false;
  return named ? typeof value.id === "string" && value.id.length > 0 && [...value.id].length <= 1024 : isDigest(value.tag);
};
const CHECKS = {
  v: (value) => value === 1, log: (value) => typeof value === "string" && value.length > 0 && [...value].length <= 255, id: isId, ts: isInstant,
  kind: isText(/^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+$/), actor: isParty(true), body: isObject,
  src: (value) => has(value, "id,n") && isCount(value.n) && value.n > 0 && isWord(value.id),
  eff: isInstant, subject: isParty(false), corrects: isId,
  ev: (value) => Array.isArray(value) && value.length > 0 && value.every((file) => has(file, "sha256,size,type") && isDigest(file.sha256)
    && isCount(file.size) && isText(/^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/)(file.type)),
  pii: (value) => isObject(value) && Object.keys(value).length > 0 && Object.values(value).every(isDigest),
};
const REQUIRED = ["v", "log", "id", "ts", "kind", "actor", "src", "body"];

function readEntry(bytes, origin) {
  if (bytes.length > MAX_ENTRY) refuse("The entry is longer than any entry is");
  const found = canonical(text(bytes, "The entry"), "The entry");
  if (!isObject(found)) refuse("The entry is not an object");
  const odd = [...REQUIRED.filter((name) => !Object.hasOwn(found, name)), ...Object.keys(found).filter((name) => !Object.hasOwn(CHECKS, name))];
  if (odd.length) refuse(`The entry has members missing or unknown: ${odd.slice(0, 9).join(", ")}`);
  for (const name of Object.keys(found)) if (!CHECKS[name](found[name])) refuse(`The entry's member ${name} is not as it must be`);
  return found.log === origin ? found : refuse(`The entry names the log ${short(found.log)}`);
}

// A .tlog-proof file (C2SP tlog-proof@v1): the entry, its index, hashes, an empty line, the checkpoint.
async function readProof(bytes, key, under) {
  if (bytes.length > MAX_PROOF) refuse("The proof is too long");
  const blank = bytes.findIndex((byte, at) => byte === 10 && bytes[at + 1] === 10), head = bytes.slice(0, Math.max(blank, 0));
  if (blank < 0 || head.some((byte) => byte > 127)) refuse("The proof has no empty line before its checkpoint, or more than ASCII before it");
  const lines = text(head, "The proof").split("\n"), note = bytes.slice(blank + 2);
  if (lines.shift() !== "c2sp.org/tlog-proof@v1") refuse("The proof does not begin with c2sp.org/tlog-proof@v1");
  const data = lines[0]?.startsWith("extra ") ? base64(lines.shift().slice(6)) : refuse("The proof does not carry its entry");
  if (data === null) refuse("The line 'extra' is not base64");
  const said = /^index (0|[1-9][0-9]{0,18})$/.exec(lines.shift() ?? "") ?? refuse("The proof has no line 'index' with a decimal number");
  const index = number(said[1], "The index");
  if (lines.length > MAX_PATH) refuse(`The proof has ${lines.length} hashes; no tree is so high`);
  const path = lines.map((line) => hash(line, "The proof"));
  if (under && !same(note, under.note)) refuse("A proof is under another checkpoint than the bundle's");
  const signed = under ?? await readCheckpoint(note, key);
  await mustInclude(await sha256([0], data), index, signed.size, path, signed.root);
  return { index, signed, entry: readEntry(data, key.name) };
}

// A bundle is a zip file whose every byte is accounted for, as `upheld bundle` writes it; any other is refused.
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => { let sum = byte; for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1; return sum >>> 0; });
const crc32 = (bytes) => (bytes.reduce((sum, byte) => CRC[(sum ^ byte) & 255] ^ (sum >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;
const packed = (...fields) => joined(fields.map(([value, size]) => Uint8Array.from({ length: size }, (_, at) => Math.floor(value / 256 ** at) & 255)));

function members(file) {
  const odd = () => refuse("The zip file is not as a bundle is: cut off, added to, or packed by another program"), found = new Map();
  if (file.length < 22) odd();
  const view = new DataView(file.buffer, file.byteOffset, file.length), last = file.length - 22, count = view.getUint16(last + 10, true);
  const size = view.getUint32(last + 12, true), start = view.getUint32(last + 16, true);
  if (view.getUint32(last, true) !== 0x06054b50 || view.getUint32(last + 4, true) || view.getUint16(last + 8, true) !== count || view.getUint16(last + 20, true) || start + size !== last) odd();
  let at = start, due = 0, total = 0;
  for (let place = 0; place < count; place += 1) {
    if (at + 46 > last) odd();
    const [crc, length, whole, named] = [view.getUint32(at + 16, true), view.getUint32(at + 20, true), view.getUint32(at + 24, true), view.getUint16(at + 28, true)];
    const raw = file.slice(at + 46, at + 46 + named), flags = raw.some((byte) => byte > 127) ? 0x800 : 0;
    const common = [[20, 2], [flags, 2], [8, 2], [0, 2], [33, 2], [crc, 4], [length, 4], [whole, 4], [named, 2]];
    const central = packed([0x02014b50, 4], [20, 1], [3, 1], ...common, [0, 2], [0, 2], [0, 2], [0, 2], [0x81800000, 4], [due, 4]);
    const local = joined([packed([0x04034b50, 4], ...common, [0, 2]), raw]);
    if (!same(file.slice(at, at + 46), central) || !same(file.slice(due, due + local.length), local)) odd();
    const name = text(raw, "A name in the zip file");
    if (found.has(name) || (total += whole) > MAX_FILE * 8) odd();
    found.set(name, { crc, whole, bytes: file.slice(due + local.length, due + local.length + length) });
    due += local.length + length;
    at += 46 + named;
  }
  return at === last && due === start ? found : odd();
}

async function unpacked(found, name, limit = MAX_FILE) {
  const member = found.get(name) ?? refuse(`${short(name)} is missing`);
  if (member.whole > limit) refuse(`${short(name)} is too long`);
  const parts = [];
  let size = 0;
  try {
    const stream = new Blob([member.bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    for await (const part of stream) { size += part.length; if (size > member.whole) refuse(`${short(name)} is longer than it says`); parts.push(part); }
  } catch (error) { refuse(error instanceof Refused ? error.message : `${short(name)} is damaged`); }
  const whole = joined(parts);
  return size === member.whole && crc32(whole) === member.crc ? whole : refuse(`${short(name)} is damaged`);
}

const MEMBER = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,7}$/;
const PROVING = /^log-([1-9]\d{0,3})\/(checkpoint|run\.jsonl?|entries\/(0|[1-9]\d{0,18})\.tlog-proof|consistency\/(0|[1-9]\d{0,18}))$/;

async function readBundle(file, key) {
  const found = members(file), said = await unpacked(found, "manifest.json", MAX_MANIFEST), manifest = canonical(text(said, "The manifest"), "The manifest"), checked = [], left = [];
  if (!isObject(manifest) || manifest.format !== "upheld/bundle/1" || !Array.isArray(manifest.members)) refuse("The bundle is of a kind that this page does not know");
  if (!Array.isArray(manifest.logs) || new Set(manifest.logs).size !== manifest.logs.length || manifest.logs.length > 1000) refuse("The manifest names a log twice, or none");
  const log = manifest.logs.indexOf(key.name) + 1, place = `log-${log}/`, listed = new Set(["manifest.json"]);
  if (!log) refuse(`The bundle is of ${manifest.logs.slice(0, 9).map(short).join(", ")}, and the key is of ${short(key.name)}`);
  if (manifest.logs.length > 1) left.push("the bundle's other logs");
  const signed = await readCheckpoint(await unpacked(found, `${place}checkpoint`, MAX_NOTE), key), digest = hex(await sha256(said));
  let bound = null, proofs = 0;
  for (const name of found.keys()) {
    const matched = /^log-(\d{1,4})\/entries\/(0|[1-9]\d{0,18})\.tlog-proof$/.exec(name);
    if (!matched || Number(matched[1]) !== log) continue;
    const { index, entry } = await readProof(await unpacked(found, name, MAX_PROOF), key, signed);
    if (String(index) !== matched[2]) refuse(`${name} does not carry entry ${matched[2]}`);
    if (entry.kind === "bundle.made" && entry.body.manifest === digest) bound = entry;
    proofs += 1;
  }
  checked.push(`the checkpoint of ${signed.size} entries is signed by ${key.name}`, `${proofs} entries are in the log, each by its own proof, canonical and well-formed`);
  if (!bound) refuse("No entry of the ledger in this bundle says that a bundle with this manifest was made: it was changed, or put together by somebody else");
  checked.push(`the ledger says that this very bundle was made, on ${bound.ts.slice(0, 16).replace("T", " ")} UTC`);
  for (const each of manifest.members) {
    if (!isObject(each) || typeof each.path !== "string" || !MEMBER.test(each.path) || listed.has(each.path) || each.path.startsWith("log-")) refuse("The manifest names a member twice, or one that is none");
    listed.add(each.path);
    const bytes = await unpacked(found, each.path);
    if (bytes.length !== each.size || hex(await sha256(bytes)) !== each.sha256) refuse(`${short(each.path)} was changed: it is not what the manifest names`);
  }
  const odd = [...found.keys()].filter((name) => !listed.has(name) && !(Number(PROVING.exec(name)?.[1]) <= manifest.logs.length));
  if (odd.length) refuse(`${short(odd[0])} is no part of this bundle`);
  checked.push(`exactly the ${manifest.members.length} members that the manifest names are there, with the bytes that it names`);
  left.push("rows against the roots in the ledger, verdicts, earlier checkpoints and time stamps: the verifier in Python checks those, and judges again");
  return { checked, left };
}

async function verify(file, said) {
  const key = await readKey(said);
  if (file.length > MAX_FILE) refuse("The file is too large for this page: use the verifier in Python");
  if (file[0] === 0x50 && file[1] === 0x4b) return readBundle(file, key);
  const { index, signed, entry } = await readProof(file, key, null);
  return { entry, left: [], checked: [
    `the checkpoint of ${signed.size} entries is signed by ${key.name}`, `the entry is number ${index} of ${signed.size} under it`,
    `the entry is canonical and well-formed: ${entry.kind} at ${entry.ts}`,
  ] };
}

function show(place, kind, heading, lines, more) {
  place.className = `verdict ${kind}`;
  place.hidden = false;
  const first = document.createElement("p"), list = document.createElement("ul");
  first.textContent = heading;
  for (const line of lines) list.append(Object.assign(document.createElement("li"), { textContent: line }));
  place.replaceChildren(first, list, ...(more ? [Object.assign(document.createElement("pre"), { textContent: more, tabIndex: 0 })] : []));
}

let turn = 0, waits = 0; // what is shown is of the file and the key in the form: what was looked at before counts no more, however late it comes
async function verifyChosen(form) {
  const [chosen] = form.elements.file.files, place = form.querySelector("output"), words = form.dataset, mine = turn += 1;
  if (!chosen) { place.hidden = true; return; }
  show(place, "", words.looking, [short(chosen.name)]);
  let said;
  try {
    const found = await verify(new Uint8Array(await chosen.arrayBuffer()), form.elements.key.value), left = found.left.map((each) => `NOT CHECKED here: ${each}`);
    said = ["good", words.holds, [...found.checked, ...left], found.entry && JSON.stringify(found.entry, null, 2)];
  } catch (error) { said = ["bad", words.fails, [error instanceof Refused ? error.message : `It could not be read: ${error.message}`]]; }
  if (mine === turn) show(place, said[0], said[1], [`the file ${short(chosen.name)}`, ...said[2]], said[3]);
}

const form = document.getElementById("verify");
if (form && globalThis.crypto?.subtle) {
  form.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); void verifyChosen(form); });
  form.elements.file.addEventListener("change", () => void verifyChosen(form));
  form.elements.key.addEventListener("input", () => { // whoever types is waited for: a bundle may be large
    turn += 1; form.querySelector("output").hidden = true; clearTimeout(waits); waits = setTimeout(() => void verifyChosen(form), 300);
  });
  void verifyChosen(form); // a file may have been chosen before this script came
}
