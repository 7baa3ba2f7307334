import {Charts, EXAMPLES, RANKS, Spark, STEP, nameOf} from './charts.js';
import {Loop} from './loop.js';
import {AdapterTable, baseline, gain} from './table.js';
import {byId, clock, duration, element, moment, one, setText, share, signed, whole} from './text.js';

/** Without a word from the server for so long, the stream is opened anew. */
const SILENCE = 15_000;
const RETRY = 2_000;
const RATE_WINDOW = 30;

/** What the job does where nothing comes of it. */
const QUIET = {UNKNOWN: 'reading', WAITING: 'waits for records', IDLE: 'no job seen'};

const charts = new Charts();
const loop = new Loop();
const spark = new Spark();
const table = new AdapterTable(id => select(id));

let source = null;
let retry = null;
let heard = Date.now();
let lost = null;
let state = null;
let selected = fromAddress();
let detail = null;

/** Of the selected adapter: it is sent only where it is another. */
let labels;

function fromAddress() {
  const found = /^#adapter=(.*)$/.exec(location.hash);
  try {
    return found ? decodeURIComponent(found[1]) : null;
  } catch {
    return null;
  }
}

function select(id) {
  if (id === selected) return;
  selected = id;
  detail = null;
  labels = undefined;
  history.replaceState(null, '', '#adapter=' + encodeURIComponent(id));
  table.mark(id);
  byId('detail').hidden = true;
  open();
}

/** A stream tells of one adapter closely; the browser asks for what it has missed. */
function open() {
  clearTimeout(retry);
  source?.close();
  source = new EventSource('/events' + (selected === null ? '' : '?adapter=' + encodeURIComponent(selected)));
  heard = Date.now();
  source.onmessage = event => {
    alive();
    take(JSON.parse(event.data));
  };
  source.addEventListener('beat', alive);
  source.onerror = () => {
    lost ??= Date.now();
    status();
    if (source.readyState === EventSource.CLOSED) later();
  };
}

function later() {
  clearTimeout(retry);
  retry = setTimeout(open, RETRY);
}

function alive() {
  heard = Date.now();
  lost = null;
  status();
}

setInterval(() => {
  if (Date.now() - heard > SILENCE && state?.phase !== 'ENDED') {
    lost ??= heard;
    open();
  }
  status();
  if (state) figures();
}, 1_000);

function status() {
  const box = byId('status');
  const ended = state?.phase === 'ENDED';
  const quiet = QUIET[state?.phase];
  const kind = ended ? 'ended' : lost !== null || state?.phase === 'UNREADABLE' ? 'lost' : state && !quiet ? 'live' : 'waiting';
  box.className = 'status ' + kind;
  setText(byId('status-text'), ended ? 'ended' : lost !== null ? `not reachable since ${clock(lost)}, trying again`
    : kind === 'lost' ? 'outputs cannot be read' : kind === 'live' ? 'live' : quiet ?? 'connecting');
  const notice = byId('notice');
  const news = state?.events?.filter(event => event.kind !== 'CHECKPOINT').at(-1);
  const text = state?.message || (news && state.time - news.time < 60_000 ? `${clock(news.time)}  ${news.text}` : '');
  notice.hidden = text === '';
  notice.className = 'notice' + (ended || quiet ? ' calm' : '');
  setText(notice, text);
}

function take(change) {
  change.events ??= state?.events ?? [];
  state = change;
  table.update(change.adapters, change.reset);
  if (selected === null && table.first() !== null) {
    select(table.first());
    return;
  }
  table.mark(selected);
  if (change.adapter) takeDetail(change.adapter);
  figures();
  spark.show(change.throughput);
  events(change.events);
  byId('nobody').hidden = change.refusedOfNobody === 0;
  if (change.refusedOfNobody > 0) refusals(byId('nobody-refusals'), change.refusalsOfNobody, change.refusedOfNobody);
  status();
  if (detail) {
    charts.events = change.events;
    charts.show();
    facts();
  }
}

function takeDetail(change) {
  if (change.id !== selected) return;
  const again = detail === null;
  if (change.whole || again) {
    charts.points = change.points;
  } else {
    for (const point of change.points) {
      // The newest point grows until the next one begins.
      while (charts.points.length > 0 && !begun(charts.points.at(-1)[STEP], point[STEP], change.stepsOfAPoint)) charts.points.pop();
      charts.points.push(point);
    }
  }
  detail = change;
  charts.modules = change.modules;
  charts.versions = change.versions;
  charts.drifts = change.drifts;
  charts.events = state.events;
  setText(byId('adapter'), change.id);
  byId('detail').hidden = false;
  const learns = charts.points.length > 0 || change.loop === undefined && labels === undefined;
  for (const id of ['axis', 'facts', 'learned', 'learned-now', 'drifts-panel']) byId(id).hidden = !learns;
  if (again) charts.build();
  if (change.loop !== undefined || again) labels = change.loop;
  loop.show(labels);
  versions(change.versions);
  drifts(change.drifts);
  forgetting(change.forgetting);
  refusals(byId('refusals'), change.refusals, Object.values(change.reasons).reduce((sum, count) => sum + count, 0));
  matrix();
}

/** Whether a step belongs to a later point than another one. */
function begun(before, step, steps) {
  return Math.floor((step - 1) / steps) > Math.floor((before - 1) / steps);
}

function figures() {
  setText(byId('title'), state.title);
  const done = state.examples + (state.total ? state.refused : 0); // what is refused may be inputs and votes
  setText(byId('done'), whole(done));
  setText(byId('total'), state.total ? ' of ' + whole(state.total) + ' examples' : ' examples');
  const bar = byId('progress');
  bar.hidden = !state.total;
  if (state.total) {
    bar.max = state.total;
    bar.value = Math.min(done, state.total);
  }
  const rate = state.phase === 'ENDED' ? null : now(state.throughput);
  setText(byId('rate'), rate === null ? '–' : one(rate));
  setText(byId('remaining'), state.phase === 'ENDED' ? 'ended'
    : state.total && rate > 0 ? `about ${duration((state.total - done) / rate * 1000)} left`
    : rate === 0 ? (done > 0 ? 'nothing arrives at present' : state.openRequests === undefined ? 'waiting for the first step' : '') : '');
  setText(byId('adapter-count'), whole(state.adapterCount));
  setText(byId('adapter-note'), beside());
  byId('asked').hidden = state.openRequests === undefined;
  if (state.openRequests !== undefined) {
    setText(byId('open-requests'), whole(state.openRequests));
    setText(byId('asked-note'), `${one(state.inputsPerSecond)} inputs/s`);
  }
  setText(byId('refused'), whole(state.refused));
  byId('refused').classList.toggle('poor', state.refused > 0);
  setText(byId('reasons'), Object.entries(state.reasons).map(([reason, count]) => `${whole(count)} ${reason}`).join(', '));
  const checkpoints = state.events.filter(event => event.kind === 'CHECKPOINT');
  const restarts = state.events.filter(event => event.kind === 'RESTART');
  setText(byId('checkpoints'), whole(state.checkpoints));
  setText(byId('checkpoint-note'), checkpoints.length === 0 ? 'none seen yet' : `last at ${clock(checkpoints.at(-1).time)}`);
  setText(byId('restarts'), whole(state.restarts));
  setText(byId('restart-note'), restarts.length === 0 ? 'none seen' : `last at ${moment(restarts.at(-1).time)}`);
}

/** How many adapters are better than a guess, of those of which that is known. */
function beside() {
  const gains = [...table.rows.values()].map(gain).filter(value => value !== null);
  const behind = gains.filter(value => value <= 0).length;
  const guess = baseline(table.rows.values());
  return gains.length === 0 ? '' : behind > 0 ? `${whole(behind)} not above ${guess}`
    : gains.length === table.rows.size ? `all above ${guess}` : `${whole(gains.length)} above ${guess}`;
}

/** Examples a second over the last half minute, or since the first of them. */
function now(throughput) {
  if (throughput.spans.length === 0) return 0;
  const length = throughput.seconds;
  const end = Math.floor((state.time + (Date.now() - heard)) / 1000 / length);
  const from = Math.max(throughput.spans[0][0], end - Math.max(1, Math.round(RATE_WINDOW / length)));
  const examples = throughput.spans.filter(([span]) => span >= from && span < end).reduce((sum, [, count]) => sum + count, 0);
  return end > from ? examples / ((end - from) * length) : 0;
}

function facts() {
  const row = table.rows.get(selected);
  const last = charts.points.at(-1);
  if (!row) return;
  const live = last ? last[RANKS].reduce((sum, rank) => sum + rank, 0) : null;
  const entries = [
    ...(row.scores ?? []).filter(({value}) => value !== null).map(({name, value}) => [name, share(value)]),
    ...(gain(row) === null ? [] : [['over ' + row.baseline, signed(gain(row))]]),
    ['live ranks', live === null ? '–' : `${whole(live)} / ${whole(last[7])}`],
    ...(row.sinceDrift === undefined ? [] : [['since drift', whole(row.sinceDrift)]]),
    ['version', row.version === 0 ? '–' : whole(row.version)],
    ['examples', whole(last ? last[EXAMPLES] : row.examples)], ['steps', whole(row.steps)],
  ];
  const list = byId('facts');
  if (list.children.length !== entries.length) {
    list.replaceChildren(...entries.map(() => element('div', {}, element('dt'), element('dd'))));
  }
  entries.forEach(([name, value], i) => {
    setText(list.children[i].firstChild, name);
    setText(list.children[i].lastChild, value);
  });
}

/** Live ranks as numbers: layers down, kinds of modules across. */
function matrix() {
  const last = charts.points.at(-1);
  if (!last) return;
  const ranks = last[RANKS];
  const names = ranks.map((_, i) => nameOf(detail.modules[i], i));
  const byLayer = names.every(name => name.layer !== null);
  const kinds = byLayer ? [...new Set(names.map(name => name.kind))] : ['rank'];
  const rows = byLayer ? [...new Set(names.map(name => name.layer))] : names.map((_, i) => i);
  const at = new Map(names.map((name, i) => [byLayer ? name.layer + ' ' + name.kind : i + ' rank', i]));
  const box = byId('matrix');
  const shape = rows.join() + '|' + kinds.join();
  if (box.dataset.shape !== shape) {
    box.dataset.shape = shape;
    box.replaceChildren(element('table', {class: 'matrix'},
      element('thead', {}, element('tr', {}, element('td'), ...kinds.map(kind => element('th', {scope: 'col'}, kind)))),
      element('tbody', {}, ...rows.map(row => element('tr', {}, element('th', {scope: 'row'}, byLayer ? 'layer ' + row : names[row].text),
        ...kinds.map(() => element('td')))))));
  }
  const cells = box.querySelectorAll('tbody td');
  rows.forEach((row, r) => kinds.forEach((kind, k) => {
    const cell = cells[r * kinds.length + k];
    const i = at.get(row + ' ' + kind);
    setText(cell, i === undefined ? '' : ranks[i]);
    const level = i === undefined ? 0 : Math.round(ranks[i] / Math.max(1, charts.highest) * 10);
    const wanted = 'level-' + level;
    if (cell.className !== wanted) cell.className = wanted;
  }));
}

function versions(list) {
  const box = byId('versions');
  if (list.length === 0) {
    box.replaceChildren(element('p', {class: 'note'}, 'Nothing is published yet.'));
    return;
  }
  const mark = list.length + ' ' + list.at(-1).version;
  if (box.dataset.mark === mark && box.dataset.adapter === detail.id) return;
  box.dataset.mark = mark;
  box.dataset.adapter = detail.id;
  const scored = list.some(version => version.accuracy !== null);
  const cells = version => [whole(version.step), ...(scored ? [share(version.accuracy)] : []), moment(version.time)];
  box.replaceChildren(element('div', {class: 'scroll'}, element('table', {},
    element('thead', {}, element('tr', {}, ...['version', 'step', ...(scored ? ['last 1,000'] : []), 'announced'].map(name => element('th', {scope: 'col'}, name)))),
    element('tbody', {}, ...[...list].reverse().map(version => element('tr', {title: version.path},
      element('th', {scope: 'row'}, whole(version.version)), ...cells(version).map(text => element('td', {}, text))))))),
  element('p', {class: 'note path'}, list.at(-1).path));
}

/** What changed in the stream, in words. */
function drifts(list) {
  const box = byId('drifts');
  const mark = detail.id + ' ' + list.map(drift => drift.example + drift.said).join();
  if (box.dataset.mark === mark) return;
  box.dataset.mark = mark;
  box.replaceChildren(list.length === 0
    ? element('p', {class: 'note'}, 'No alarm, no advice, and no change announced.')
    : element('ol', {class: 'events'}, ...[...list].reverse().map(drift =>
        element('li', {}, element('time', {}, moment(drift.time)), ' ', drift.text))));
}

/** How probes were answered at the end of their period and are now, by periods and by labels. */
function forgetting(found) {
  byId('forgetting-panel').hidden = found === undefined;
  if (found === undefined) return;
  const box = byId('forgetting');
  const mark = detail.id + ' ' + found.withheld;
  if (box.dataset.mark === mark) return;
  box.dataset.mark = mark;
  const rows = [['of examples', found.periods.map(period => ({name: `${whole(period.first)} to ${whole(period.last)}`, ...period}))],
    ['of label', found.labels]].filter(([, list]) => list.length > 0);
  box.replaceChildren(...rows.map(([title, list]) => element('div', {class: 'scroll'}, element('table', {},
    element('thead', {}, element('tr', {}, ...['probes ' + title, 'probes', 'then', 'now'].map(name => element('th', {scope: 'col'}, name)))),
    element('tbody', {}, ...list.map(row => element('tr', {}, element('th', {scope: 'row'}, row.name),
      ...[whole(row.probes), share(row.then), share(row.now)].map(text => element('td', {}, text)))))))),
  element('p', {class: 'note'}, `${whole(found.withheld)} examples were never learned from. Then is at the end of their period.`));
}

function refusals(box, list, count) {
  if (count === 0) {
    box.replaceChildren(element('p', {class: 'note'}, 'None.'));
    return;
  }
  const mark = count + ' ' + list.at(-1)?.letter;
  if (box.dataset.mark === mark) return;
  box.dataset.mark = mark;
  box.replaceChildren(
    element('p', {class: 'note'}, count > list.length ? `The newest ${whole(list.length)} of ${whole(count)}.` : `${whole(count)} in all.`),
    element('ul', {class: 'refusals'}, ...[...list].reverse().map(refusal => element('li', {},
      element('p', {}, element('b', {}, refusal.reason), ' ', element('time', {}, moment(refusal.time)), ' ', element('span', {class: 'note'}, `record ${refusal.record}, letter ${refusal.letter}`)),
      element('p', {}, refusal.message),
      command(refusal.command)))));
}

function command(text) {
  const copy = element('button', {type: 'button', class: 'copy'}, 'Copy');
  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text);
      setText(copy, 'Copied');
    } catch {
      setText(copy, 'Select and copy it');
    }
    setTimeout(() => setText(copy, 'Copy'), 2_000);
  });
  return element('p', {class: 'command'}, element('code', {}, text), copy);
}

function events(list) {
  const box = byId('events');
  const told = list.filter(event => event.kind !== 'CHECKPOINT');
  const mark = told.length + ' ' + (told.at(-1)?.time ?? '');
  if (box.dataset.mark === mark) return;
  box.dataset.mark = mark;
  box.replaceChildren(told.length === 0
    ? element('p', {class: 'note'}, 'No failure and no restart so far.')
    : element('ol', {class: 'events'}, ...[...told].reverse().slice(0, 50).map(event =>
        element('li', {}, element('time', {}, moment(event.time)), ' ', event.text))));
}

function theme(wanted) {
  const next = wanted ?? 'system';
  if (next === 'system') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.setAttribute('data-theme', next);
  setText(byId('theme'), '◐ ' + next);
  byId('theme').setAttribute('aria-label', 'Theme: ' + next);
  try {
    localStorage.setItem('rankstream.theme', next);
  } catch {
    // A browser that keeps nothing shows the system's theme the next time.
  }
  charts.build();
  loop.build();
  spark.rebuild();
}

byId('theme').addEventListener('click', () => {
  const order = ['system', 'light', 'dark'];
  const now = document.documentElement.getAttribute('data-theme') ?? 'system';
  theme(order[(order.indexOf(now) + 1) % order.length]);
});

for (const button of document.querySelectorAll('[data-axis]')) {
  button.addEventListener('click', () => {
    charts.byTime = button.dataset.axis === 'time';
    for (const other of document.querySelectorAll('[data-axis]')) other.setAttribute('aria-pressed', other === button);
    charts.build();
  });
}

byId('marks-legend').replaceChildren(
  element('span', {class: 'mark version'}, 'version'), element('span', {class: 'mark checkpoint'}, 'checkpoint'), element('span', {class: 'mark restart'}, 'restart'),
  element('span', {class: 'mark drift'}, 'drift, from its beginning'), element('span', {class: 'mark advice'}, 'advice: other inputs'), element('span', {class: 'mark told'}, 'announced or dismissed'));

let kept = null;
try {
  kept = localStorage.getItem('rankstream.theme');
} catch {
  kept = null;
}
theme(['light', 'dark'].includes(kept) ? kept : 'system');
if (selected !== null) table.mark(selected);
open();
