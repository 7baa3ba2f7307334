import {Desk, Refused} from './desk.js';
import {byId, clock, element, setText, whole} from './text.js';

/** So often is it asked how it stands, which also says that somebody is here. */
const LOOK = 3_000;
const RETRIES = [1_000, 2_000, 4_000, 8_000];
/** Labels that are shown at a time. */
const MOST_LABELS = 60;
const UNDONE_AT_MOST = 20;

const desk = new Desk();

let annotator = null;
let standing = null;
let lostSince = null;
/** What is before the person: {request, shown, again, seen, since}; null where nothing is. */
let item = null;
/** The answer that is being handed over: {answer, tries, timer}; null where none is. */
let pending = null;
let fetching = false;
/** What was answered, the newest last. */
const answered = [];

// What the browser keeps

function kept(store, key) {
  try {
    return store.getItem('rankstream-' + key);
  } catch {
    return null;
  }
}

function keep(store, key, value) {
  try {
    store.setItem('rankstream-' + key, value);
  } catch {
    // A browser that keeps nothing asks again.
  }
}

const keysAreOn = () => byId('single-keys').checked;
const suggestsAtOnce = () => byId('at-once').checked;

// Who comes

/** The token comes behind the # of the address, which is taken from sight. */
function tokenFromAddress() {
  const found = /^#token=(.+)$/.exec(location.hash);
  if (!found) return;
  keep(sessionStorage, 'token', decodeURIComponent(found[1]));
  history.replaceState(null, '', location.pathname);
}

function begin() {
  tokenFromAddress();
  desk.token = kept(sessionStorage, 'token');
  annotator = kept(localStorage, 'annotator');
  byId('token-form').hidden = desk.token !== null;
  byId('name-form').hidden = desk.token === null || annotator !== null;
  byId('work').hidden = desk.token === null || annotator === null;
  byId('who').hidden = annotator === null;
  setText(byId('who'), annotator ?? '');
  byId('who').setAttribute('aria-label', `You are ${annotator}. Change the name.`);
  if (desk.token === null) focus('token');
  else if (annotator === null) focus('name');
  else look();
  status();
}

function focus(id) {
  setText(byId('status-text'), 'not begun');
  byId(id).focus();
}

byId('token-form').addEventListener('submit', event => {
  event.preventDefault();
  keep(sessionStorage, 'token', byId('token').value.trim().replace(/^.*#token=/, ''));
  byId('token').value = '';
  say(null);
  begin();
  if (pending) handOver();
});

byId('name-form').addEventListener('submit', event => {
  event.preventDefault();
  const name = byId('name').value.trim();
  if (name === '') return;
  keep(localStorage, 'annotator', name);
  answered.length = 0;
  item = null;
  begin();
});

byId('who').addEventListener('click', () => {
  if (pending) return;
  byId('work').hidden = true;
  byId('name-form').hidden = false;
  byId('name').value = annotator;
  byId('name').select();
});

addEventListener('hashchange', () => {
  if (!location.hash.startsWith('#token=')) return;
  say(null);
  begin();
  if (pending) handOver();
});

/** The server knows another token: it was started anew. */
function forgetToken(sentence) {
  try {
    sessionStorage.removeItem('rankstream-token');
  } catch {
    // Nothing was kept.
  }
  begin();
  say(sentence);
}

// How it stands

async function look() {
  if (desk.token === null || annotator === null || document.hidden) return;
  const held = item;
  try {
    standing = await desk.standing(annotator, byId('adapter').value, held?.request);
    lostSince = null;
    adapters();
    if (item && item === held && !item.again && !pending && !standing.reading) item.gone = !standing.holds;
    if (!item && !pending && standing.waiting > 0) await next();
  } catch (refused) {
    fail(refused);
  }
  show();
}

function fail(refused) {
  if (!(refused instanceof Refused)) throw refused;
  if (refused.status === 401) forgetToken(refused.message);
  else if (refused.passes) lostSince ??= Date.now();
  else say(refused.message);
}

function adapters() {
  const box = byId('adapter');
  const chosen = box.value;
  const ids = standing.adapters.map(adapter => adapter.id);
  if (chosen !== '' && !ids.includes(chosen)) ids.push(chosen);
  const wanted = ids.join('\n');
  if (box.dataset.ids !== wanted) {
    box.dataset.ids = wanted;
    box.replaceChildren(element('option', {value: ''}, 'all'), ...ids.map(id => element('option', {value: id, selected: id === chosen}, id)));
    box.value = chosen;
  }
  byId('adapter-choice').hidden = ids.length < 2 && chosen === '';
}

byId('adapter').addEventListener('change', async () => {
  if (pending) return;
  if (item && byId('adapter').value !== '' && item.request.adapterId !== byId('adapter').value) item = null;
  await look();
});

function status() {
  const box = byId('status');
  const lost = lostSince !== null;
  const working = desk.token !== null && annotator !== null;
  box.className = 'status ' + (lost || standing?.problem ? 'lost' : working && standing && !standing.reading ? 'live' : 'waiting');
  if (!working) return;
  setText(byId('status-text'), lost ? `connection lost since ${clock(lostSince)}`
    : !standing ? 'connecting'
    : standing.reading ? 'reading what is asked'
    : counts());
}

function counts() {
  const parts = [`${whole(standing.waiting)} ${standing.waiting === 1 ? 'waits' : 'wait'} for you`];
  if (standing.others > 0) parts.push(`${whole(standing.others)} with others`);
  if (standing.leftOut > 0) parts.push(`${whole(standing.leftOut)} more later`);
  if (standing.unshown > 0) parts.push(`${whole(standing.unshown)} for a part of a text, which this page does not ask`);
  if (standing.unreadable > 0) parts.push(`${whole(standing.unreadable)} cannot be read by this release`);
  return parts.join(' · ');
}

// What is shown

async function next() {
  if (fetching) return;
  fetching = true;
  try {
    const {request} = await desk.next(annotator, byId('adapter').value);
    item = request ? fresh(request) : null;
    if (item) present();
  } finally {
    fetching = false;
  }
}

function fresh(request) {
  return {request, shown: request.suggestion !== null && suggestsAtOnce(), again: false, before: null, gone: false, several: new Set(), seen: 0, since: performance.now()};
}

/** Lays out a text that was not before the person. */
function present() {
  const {request} = item;
  const searched = document.activeElement === byId('search');
  setText(byId('heading'), request.adapterId);
  setText(byId('text'), request.text);
  byId('pair-part').hidden = request.textPair === null;
  setText(byId('pair'), request.textPair ?? '');
  byId('metadata').replaceChildren(...Object.entries(request.metadata)
    .flatMap(([name, value]) => [element('dt', {dir: 'auto'}, name), element('dd', {dir: 'auto'}, value)]));
  byId('search').value = '';
  byId('number').value = '';
  byId('search-part').hidden = request.labels.length <= 9;
  byId('number-form').hidden = request.labels.length > 0;
  byId('before').hidden = item.before === null;
  setText(byId('before'), item.before === null ? '' : `You had said: ${item.before}. That is taken back.`);
  labels();
  show();
  scrollTo(0, 0);
  if (searched && request.labels.length > 9) byId('search').focus();
  else if (request.labels.length === 0 && item.before === null && !matchMedia('(pointer: coarse)').matches) byId('number').focus();
  else byId('heading').focus({preventScroll: true});
}

/** Labels that fit what is typed, those first that begin so. */
function found() {
  const typed = byId('search').value.trim().toLowerCase();
  const all = item.request.labels;
  if (typed === '') return all;
  const fits = all.filter(label => label.toLowerCase().includes(typed));
  return [...fits.filter(label => label.toLowerCase().startsWith(typed)), ...fits.filter(label => !label.toLowerCase().startsWith(typed))];
}

function labels() {
  const {request} = item;
  const fits = found();
  const typed = byId('search').value.trim() !== '';
  byId('labels').replaceChildren(...fits.slice(0, MOST_LABELS).map((label, index) => {
    const number = request.labels.indexOf(label) + 1;
    const button = element('button', {type: 'button', class: typed && index === 0 ? 'first' : '', 'aria-keyshortcuts': number <= 9 ? number : null},
      ...(number <= 9 ? [element('kbd', {'aria-hidden': true}, number)] : []), element('span', {dir: 'auto'}, label));
    button.addEventListener('click', () => choose(label));
    if (request.several) button.setAttribute('aria-pressed', item.several.has(label));
    button.dataset.label = label;
    return element('li', {}, button);
  }));
  const left = fits.length - MOST_LABELS;
  setText(byId('search-note'), fits.length === 0 ? 'No label has that in it.'
    : typed ? `Enter: ${fits[0]}` + (fits.length > 1 ? `, the first of ${whole(fits.length)}` : '')
    : left > 0 ? `${whole(left)} more: type to find them.` : '');
}

/** Brings what depends on the moment up to date. */
function show() {
  const working = desk.token !== null && annotator !== null;
  status();
  if (!working) return;
  byId('item').hidden = byId('answers').hidden = item === null;
  byId('nothing').hidden = item !== null;
  setText(byId('nothing'), standing === null || standing.reading ? 'One moment: what is asked is being read.'
    : standing.open > standing.waiting
      ? 'Nothing waits for you: what is open was answered by you, or others see to it. This page looks again by itself.'
      : 'Nothing waits to be labeled. This page looks again by itself.');
  byId('skip').disabled = item === null || pending !== null;
  setText(byId('skip').firstElementChild, item?.gone ? 'Next text' : 'Skip');
  byId('undo').disabled = pending === null && answered.length === 0;
  setText(byId('undo').firstElementChild, pending === null ? 'Undo' : 'Choose again');
  byId('hint').hidden = item === null || item.request.suggestion === null || item.shown;
  byId('answers').setAttribute('aria-busy', pending !== null);
  for (const button of byId('labels').querySelectorAll('button')) {
    const {label} = button.dataset;
    const said = pending?.answer.kind === 'VOTE' ? [pending.answer.label].flat() : item?.request.several ? [...item.several] : [];
    button.classList.toggle('chosen', said.includes(label));
    if (item?.request.several) button.setAttribute('aria-pressed', said.includes(label));
    button.classList.toggle('suggested', item !== null && item.shown && [item.request.suggestion].flat().includes(label));
  }
  byId('done').hidden = !item?.request.several;
  byId('done').disabled = pending !== null;
  setText(byId('done').firstElementChild, item?.several.size ? `Done: ${item.several.size} of ${item.request.labels.length}` : 'Done: none of them');
  const suggestion = byId('suggestion');
  suggestion.hidden = item === null || !item.shown;
  setText(suggestion, item?.shown ? 'The adapter says ' + suggested(item.request) : '');
  if (pending) return;
  if (lostSince !== null) say(`The server of this page cannot be reached since ${clock(lostSince)}: does the command still run? It is tried again every few seconds.`);
  else if (item?.gone) say('This text waits for you no more: it was settled, taken back, has expired, or somebody else has it. What you say of it is taken all the same while it is open.');
  else if (standing?.problem) say('What is asked anew is not seen at present: ' + standing.problem);
  else if (byId('notice').dataset.passing !== undefined) say(null);
}

function suggested(request) {
  const chance = request.suggestionProbability;
  return spoken(request.suggestion) + (chance === null ? '' : ` (${Math.round(100 * chance)} %)`);
}

/** A label, a number, or a list of labels in words. */
function spoken(label) {
  if (!Array.isArray(label)) return String(label);
  return label.length === 0 ? 'none of them' : label.join(', ');
}

/** A sentence that stays until the next one; of what passes by itself, until it has. */
function say(sentence, lasting = false) {
  const notice = byId('notice');
  notice.hidden = sentence === null;
  setText(notice, sentence ?? '');
  if (lasting) delete notice.dataset.passing;
  else notice.dataset.passing = '';
}

// What the person does

function visibleTime() {
  return Math.round(item.seen + (item.since === null ? 0 : performance.now() - item.since));
}

document.addEventListener('visibilitychange', () => {
  if (item && document.hidden && item.since !== null) {
    item.seen += performance.now() - item.since;
    item.since = null;
  } else if (item && !document.hidden) {
    item.since ??= performance.now();
  }
  look();
});

function answer(kind, label = null) {
  if (item === null || pending !== null) return;
  const {request} = item;
  send({
    decision: crypto.randomUUID(), annotator, adapterId: request.adapterId, requestId: request.requestId,
    kind, label, suggestionShown: item.shown, leadTimeMs: visibleTime(),
  }, item);
}

/** Says that a label is true; of several, that it is among those that are, or is not. */
function choose(label) {
  if (item === null || pending !== null) return;
  if (!item.request.several) {
    answer('VOTE', label);
    return;
  }
  if (!item.several.delete(label)) item.several.add(label);
  show();
}

function done() {
  if (item?.request.several) answer('VOTE', item.request.labels.filter(label => item.several.has(label)));
}

function undo() {
  if (pending !== null) {
    clearTimeout(pending.timer);
    pending = null;
    say(null);
    if (item) byId('heading').focus({preventScroll: true});
    show();
    return;
  }
  const last = answered.at(-1);
  if (last === undefined) return;
  const {request} = last.item;
  send({
    decision: crypto.randomUUID(), annotator, adapterId: request.adapterId, requestId: request.requestId,
    kind: 'RETRACT', label: null, suggestionShown: last.item.shown, leadTimeMs: null,
  }, last.item);
}

function send(answer, of) {
  pending = {answer, of, tries: 0, timer: null};
  handOver();
}

/** Hands the answer over, again and again until the server has taken or refused it. */
async function handOver() {
  const now = pending;
  clearTimeout(now.timer);
  show();
  try {
    await desk.vote(now.answer);
    if (pending !== now) return;
    pending = null;
    lostSince = null;
    say(null);
    await taken(now);
  } catch (refused) {
    if (pending === now) notTaken(now, refused);
    else fail(refused);
  }
  show();
}

function notTaken(now, refused) {
  if (!(refused instanceof Refused)) throw refused;
  if (refused.status === 401) {
    forgetToken(refused.message + ' Your answer is kept, and written then.');
  } else if (refused.passes) {
    const wait = RETRIES[Math.min(now.tries++, RETRIES.length - 1)];
    now.timer = setTimeout(handOver, wait);
    say(`Not written yet, tried again every few seconds: ${refused.message}`);
  } else {
    pending = null;
    say(refused.message, true);
    if (refused.status === 410 || now.answer.kind === 'RETRACT') dismiss(now);
  }
}

/** What is not open any more is put aside, as is what cannot be taken back: it may be, in silence. */
function dismiss(now) {
  if (now.answer.kind === 'RETRACT') answered.pop();
  else item = null;
  look();
}

async function taken(now) {
  const {answer: written, of} = now;
  if (written.kind === 'RETRACT') {
    answered.pop();
    setText(byId('last'), `Taken back: ${of.said}.`);
    // The person has seen by now what the adapter says.
    item = {...fresh(of.request), again: true, before: of.said, shown: of.request.suggestion !== null};
    present();
    return;
  }
  const said = written.kind === 'SKIP' ? 'skipped' : spoken(written.label);
  answered.push({item: {...of, said}});
  if (answered.length > UNDONE_AT_MOST) answered.shift();
  const also = of.request.suggestion === null || of.shown ? '' : `; the adapter says ${suggested(of.request)}`;
  setText(byId('last'), (written.kind === 'SKIP' ? 'Skipped' : `Labeled ${said}`) + also + '. Undo takes it back.');
  item = null;
  try {
    await next();
  } catch (refused) {
    fail(refused);
  }
  look();
}

function hint() {
  if (item === null || item.request.suggestion === null) return;
  item.shown = true;
  show();
}

function skip() {
  if (!item?.gone) {
    answer('SKIP');
    return;
  }
  item = null;
  say(null);
  look();
}

byId('skip').addEventListener('click', skip);
byId('undo').addEventListener('click', undo);
byId('hint').addEventListener('click', hint);
byId('done').addEventListener('click', done);
byId('help').addEventListener('click', () => byId('keys').showModal());
byId('number-form').addEventListener('submit', event => {
  event.preventDefault();
  const value = byId('number').valueAsNumber;
  if (Number.isFinite(value)) answer('VOTE', value);
});

byId('search').addEventListener('input', labels);
byId('search').addEventListener('keydown', event => {
  if (event.key === 'Enter' && byId('search').value.trim() !== '') {
    const [first] = found();
    if (first !== undefined && !event.repeat) choose(first);
  } else if (event.key === 'ArrowDown') {
    event.preventDefault();
    byId('labels').querySelector('button')?.focus();
  } else if (event.key === 'Escape') {
    byId('search').value = '';
    labels();
    byId('heading').focus({preventScroll: true});
  }
});

byId('labels').addEventListener('keydown', event => {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const buttons = [...byId('labels').querySelectorAll('button')];
  const to = buttons.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1);
  event.preventDefault();
  if (to < 0 && !byId('search-part').hidden) byId('search').focus();
  else buttons[Math.max(0, Math.min(buttons.length - 1, to))]?.focus();
});

document.addEventListener('keydown', event => {
  const types = event.target.matches('input:not([type=checkbox]), select, textarea');
  if (types || event.repeat || event.ctrlKey || event.metaKey || event.altKey || !keysAreOn() || byId('keys').open || byId('work').hidden) return;
  const key = event.key.toLowerCase();
  if (key >= '1' && key <= '9' && key.length === 1) {
    const label = item?.request.labels[Number(key) - 1];
    if (label !== undefined) choose(label);
  } else if (key === 'enter' && item?.request.several && !event.target.matches('button')) done();
  else if (key === 's') skip();
  else if (key === 'u') undo();
  else if (key === 'h') hint();
  else if (key === '?') byId('keys').showModal();
  else if (key === '/' && item && !byId('search-part').hidden) byId('search').focus();
  else return;
  event.preventDefault();
});

/** What was not written is lost with the page. */
addEventListener('beforeunload', event => {
  if (pending) event.preventDefault();
});

for (const [id, usual] of [['single-keys', 'on'], ['at-once', 'off']]) {
  byId(id).checked = (kept(localStorage, id) ?? usual) === 'on';
  byId(id).addEventListener('change', () => keep(localStorage, id, byId(id).checked ? 'on' : 'off'));
}

setInterval(look, LOOK);
begin();
