import uPlot from './uplot.js';
import {LEFT, RIGHT, css, key, palette, tick} from './charts.js';
import {byId, duration, element, moment, setText, share, whole, words} from './text.js';

/** Places of a point's values, as the server sends them. */
const TO = 0, ACCURACY = 1, LOW = 2, HIGH = 3, UNIFORM = 4, NAIVE = 5, EFFECTIVE = 6;

const HEIGHT = 210;

/** What the loop knows of an adapter's inputs without a label. */
export class Loop {
  constructor() {
    this.points = [];
    this.plot = null;
    byId('estimate').addEventListener('keydown', event => this.#key(event));
    byId('estimate').addEventListener('blur', () => this.#point(null));
    new ResizeObserver(() => this.#resize()).observe(byId('estimate'));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.build());
  }

  /** Another adapter, or more of the same; undefined where it has no such inputs. */
  show(loop) {
    byId('loop').hidden = loop === undefined;
    this.points = loop?.points ?? [];
    byId('estimate-figure').hidden = this.points.length === 0;
    if (loop === undefined) return;
    facts(loop);
    setText(byId('loop-note'), note(loop));
    recall(loop.quality?.classes ?? []);
    annotators(loop.quality?.annotators ?? []);
    requests(loop.requests, loop.openRequests);
    if (this.points.length === 0) return;
    if (this.plot === null) this.build();
    else this.#draw();
  }

  /** Another theme. */
  build() {
    this.plot?.destroy();
    this.plot = null;
    if (this.points.length === 0) return;
    const c = palette();
    const axis = {stroke: c.muted, font: '11px system-ui, sans-serif', grid: {stroke: c.line, width: 1}, ticks: {show: false}};
    const line = (stroke, width, more) => ({stroke, width, points: {show: u => u.data[0].length < 25, size: 5}, ...more});
    this.plot = new uPlot({
      width: byId('estimate').clientWidth, height: HEIGHT, pxAlign: 1, padding: [8, RIGHT, 0, 0], legend: {show: false},
      cursor: {drag: {x: false, y: false}, points: {size: 7}, y: false},
      scales: {
        x: {time: true, range: (u, low, high) => (low === high ? [low - 1, high + 1] : [low, high])},
        y: {range: (u, low, high) => [Math.max(0, Math.floor(((low ?? 0) - 0.02) * 20) / 20), Math.min(1.02, Math.ceil(((high ?? 1) + 0.01) * 20) / 20)]},
      },
      axes: [{...axis, grid: {show: false}, size: 28, gap: 6, space: 90, values: (u, splits) => splits.map(tick(u.scales.x))},
        {...axis, size: LEFT, gap: 8, values: (u, splits) => splits.map(value => (value > 1 ? '' : value.toFixed(2))), space: 36}],
      series: [{}, {stroke: 'transparent', points: {show: false}}, {stroke: 'transparent', points: {show: false}},
        line(c.majority, 1.5, {dash: [5, 4]}), line(c.plain, 1.5), line(c.strong, 2.25)],
      bands: [{series: [2, 1], fill: css('--accent') + '2e'}],
      hooks: {setCursor: [u => this.#read(u.cursor.idx ?? null)]},
    }, [[], [], [], [], [], []], byId('estimate'));
    this.#draw();
  }

  #draw() {
    const column = i => this.points.map(point => point[i]);
    this.plot.setData([column(TO).map(millis => millis / 1000), column(LOW), column(HIGH), column(NAIVE), column(UNIFORM), column(ACCURACY)]);
    this.#read(this.plot.cursor.idx ?? null);
    const last = this.points.at(-1);
    byId('estimate').setAttribute('aria-label', `Accuracy on all inputs, estimated, over the time of the stream: now ${share(last[ACCURACY])}, `
      + `95 % interval ${share(last[LOW])} to ${share(last[HIGH])}. Left and right arrows read the points.`);
  }

  /** Says in words what the chart has at a point; at the newest without one. */
  #read(idx) {
    const point = this.points[idx === null ? this.points.length - 1 : Math.min(idx, this.points.length - 1)];
    if (!point) return;
    byId('estimate-read').replaceChildren(idx === null ? '' : `until ${moment(point[TO])} of the stream: `,
      key('strong', 'estimate', `${share(point[ACCURACY])} (${share(point[LOW])} to ${share(point[HIGH])})`),
      key('plain', 'uniform share', share(point[UNIFORM])), key('majority', 'naive, biased', share(point[NAIVE])),
      `${whole(point[EFFECTIVE])} effective labels`);
  }

  #key(event) {
    if (!['ArrowLeft', 'ArrowRight', 'Home', 'End', 'Escape'].includes(event.key) || this.plot === null) return;
    event.preventDefault();
    const last = this.points.length - 1;
    const now = this.plot.cursor.idx ?? last;
    const next = {ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last, Escape: null}[event.key];
    this.#point(next === null ? null : Math.min(last, Math.max(0, next)));
  }

  #point(idx) {
    this.plot?.setCursor(idx === null ? {left: -10, top: -10} : {left: this.plot.valToPos(this.plot.data[0][idx], 'x'), top: 1}, false);
    this.#read(idx);
  }

  #resize() {
    const width = byId('estimate').clientWidth;
    if (width > 0) this.plot?.setSize({width, height: HEIGHT});
  }
}

function percent(part) {
  return part === null ? '–' : (part * 100).toFixed(part > 0 && part < 0.1 ? 1 : 0) + ' %';
}

function facts(loop) {
  const quality = loop.quality;
  const entries = [['open requests', whole(loop.openRequests)], ['inputs per min', whole(loop.inputsPerSecond * 60)]];
  if (quality) {
    entries.unshift(
      ['estimate', share(quality.accuracy) + (quality.trusted || quality.accuracy === null ? '' : ' ?')],
      ['95 % interval', quality.low === null ? '–' : `${share(quality.low)} – ${share(quality.high)}`],
      ['labels of asked', `${whole(quality.returned)} / ${whole(quality.asked)}`],
      ['of inputs', whole(quality.inputs)],
      ['effective labels', whole(quality.effectiveLabels)],
      ['uniform share', `${share(quality.uniformAccuracy)} (${whole(quality.uniformLabels)})`],
      ['naive, biased', share(quality.naiveAccuracyBiased)]);
    entries.push(
      ['budget spent', `${whole(quality.spent)} / ${whole(Math.floor(quality.budget))}`],
      ['maturity', percent(quality.maturity)],
      ['delay p50', quality.delayP50Ms === null ? '–' : duration(quality.delayP50Ms)],
      ['delay p95', quality.delayP95Ms === null ? '–' : duration(quality.delayP95Ms)],
      ['agreement', share(quality.agreement)],
      ['expired', whole(quality.expired)], ['skipped', whole(quality.skipped)],
      ['conflicts', whole(quality.conflicts)], ['corrected', whole(quality.corrected)]);
  }
  const list = byId('loop-facts');
  if (list.children.length !== entries.length) {
    list.replaceChildren(...entries.map(() => element('div', {}, element('dt'), element('dd'))));
  }
  entries.forEach(([name, value], i) => {
    setText(list.children[i].firstChild, name);
    setText(list.children[i].lastChild, value);
  });
}

/** What the figures mean at present, in words. */
function note(loop) {
  const quality = loop.quality;
  if (!quality) return 'There is no estimate yet.';
  const to = quality.estimatedTo ?? quality.to;
  const sentences = [`Of inputs from ${moment(Date.parse(quality.from))} to ${moment(Date.parse(to))} of the stream${quality.estimatedTo !== null && quality.estimatedTo !== quality.to ? '; later ones wait for answers' : ''}.`];
  if (quality.excluded > 0) sentences.push(`It is not of ${whole(quality.excluded)} inputs that came while too many requests were open to ask for more.`);
  if (!quality.trusted) sentences.push('There are too few labels yet for the interval to hold.');
  if (quality.lowest !== null && quality.highest !== null && quality.highest > quality.lowest) {
    sentences.push(`If every label that did not come were wrong, or right, the estimate were ${share(quality.lowest)}, or ${share(quality.highest)}.`);
  }
  sentences.push('The naive figure is the share of right predictions among all labels: biased by what was selected.');
  return sentences.join(' ');
}

/** Replaces a table only where it is another. */
function rows(box, head, list, cells, none) {
  const mark = JSON.stringify(list);
  if (box.dataset.mark === mark) return;
  box.dataset.mark = mark;
  box.replaceChildren(list.length === 0 ? element('p', {class: 'note'}, none) : element('div', {class: 'scroll'}, element('table', {},
    element('thead', {}, element('tr', {}, ...head.map(name => element('th', {scope: 'col'}, name)))),
    element('tbody', {}, ...list.map(one => {
      const [first, ...rest] = cells(one);
      return element('tr', {}, element('th', {scope: 'row'}, first), ...rest.map(text => element('td', {}, text)));
    })))));
}

function recall(list) {
  rows(byId('classes'), ['label', 'labels', 'recall'], list, one => [one.label, whole(one.labels), share(one.recall)], 'No label was decided yet.');
}

function annotators(list) {
  rows(byId('annotators'), ['annotator', 'votes', 'skips', 'agreement', 'weight'], list,
    one => [one.annotator, whole(one.votes), whole(one.skips), share(one.agreement), one.agreement === null ? '–' : one.weight.toFixed(2)], 'Nobody has voted yet.');
}

function requests(list, open) {
  setText(byId('requests-title'), open > list.length && list.length > 0 ? `Open requests, the newest ${whole(list.length)} of ${whole(open)}` : 'Open requests');
  rows(byId('requests'), ['input', 'asked since', 'late from', 'because', 'votes'], list,
    one => [one.input, moment(one.requestedAt), moment(one.expiresAt), words(one.reason.toLowerCase()), whole(one.votesWanted)], 'None.');
}
