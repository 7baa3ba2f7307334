import uPlot from './uplot.js';
import {byId, clock, element, moment, setText, share, whole, words} from './text.js';

/** Places of a point's values, as the server sends them. */
export const STEP = 0, TIME = 1, EXAMPLES = 2, ACCURACY = 3, RECENT = 4, MAJORITY = 5, LOSS = 6, BUDGET = 7, RANKS = 8, METRICS = 9;

const SYNC = 'adapter';

/** Room for the labels of a vertical axis, and at the other side. */
export const LEFT = 62;
export const RIGHT = 14;

export function css(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The colours of the theme that is in force; a canvas knows no custom properties. */
export function palette() {
  return {
    ink: css('--ink'), muted: css('--muted'), line: css('--line'), strong: css('--accent'), plain: css('--plain'),
    majority: css('--majority'), restart: css('--bad'), checkpoint: css('--checkpoint'), drift: css('--drift'), advice: css('--advice'), version: css('--version'),
    ramp: [0, 1, 2, 3, 4].map(i => channels(css('--ramp-' + i))),
  };
}

function channels(hex) {
  return [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
}

/** Colour of a share of the highest rank, 0 to 1. */
function shade(ramp, share) {
  const place = Math.min(1, Math.max(0, share)) * (ramp.length - 1);
  const i = Math.min(ramp.length - 2, Math.floor(place));
  return 'rgb(' + ramp[i].map((low, c) => Math.round(low + (ramp[i + 1][c] - low) * (place - i))).join(' ') + ')';
}

/** Layer and kind of a module, from its name in the base model. */
export function nameOf(module, i) {
  if (module === undefined) return {layer: null, kind: 'module ' + (i + 1), text: 'module ' + (i + 1)};
  const parts = /^(?:.*\.)?layer\.(\d+)\.(.*)$/.exec(module);
  if (!parts) return {layer: null, kind: module, text: module};
  const kind = {
    'attention.self.query': 'query', 'attention.self.key': 'key', 'attention.self.value': 'value',
    'attention.output.dense': 'attn out', 'intermediate.dense': 'ffn in', 'output.dense': 'ffn out',
  }[parts[2]] ?? parts[2];
  return {layer: Number(parts[1]), kind, text: `layer ${parts[1]} ${kind}`};
}

/** What is drawn of a task without accuracy: two metrics of its own, and an error over a scale of its own. */
function curvesOf(points) {
  const names = [...new Set(points.flatMap(point => Object.keys(point[METRICS])))].sort();
  const isError = name => /error|loss/i.test(name);
  return [...names.filter(name => !isError(name)).slice(0, 2), ...names.filter(isError).slice(0, 1)]
    .map(name => ({name, label: words(name), error: isError(name), value: point => point[METRICS][name] ?? null}));
}

const OF_LABELS = [
  {name: 'accuracy', label: 'all', value: point => point[ACCURACY]},
  {name: 'recent', label: 'last 1,000', value: point => point[RECENT]},
  {name: 'majority', label: 'majority', value: point => point[MAJORITY]},
];

/** The charts of one adapter, over one horizontal axis. */
export class Charts {
  constructor() {
    this.points = [];
    this.modules = [];
    this.events = [];
    this.versions = [];
    this.drifts = [];
    this.byTime = true;
    this.plots = [];
    this.highest = 1;
    for (const id of ['accuracy', 'loss', 'ranks']) {
      byId(id).addEventListener('keydown', event => this.#key(event));
      byId(id).addEventListener('blur', () => this.#point(null));
    }
    new ResizeObserver(() => this.#resize()).observe(byId('accuracy'));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.build());
  }

  /** Another adapter, axis or theme. */
  build() {
    this.plots.forEach(plot => plot.destroy());
    this.plots = [];
    if (this.points.length === 0) return;
    this.colours = palette();
    this.curves = this.#curves();
    setText(byId('accuracy-title'), this.#hasLabels() ? 'Accuracy' : 'Correlation and error');
    const width = byId('accuracy').clientWidth;
    this.rowCount = this.points.at(-1)[RANKS].length;
    const rowHeight = this.rowCount > 48 ? 6 : 8;
    this.accuracy = this.#plot('accuracy', width, 230, this.#hasLabels() ? this.#accuracyOptions() : this.#metricOptions());
    this.loss = this.#plot('loss', width, 120, this.#lossOptions());
    this.ranks = this.#plot('ranks', width, Math.min(440, Math.max(140, this.rowCount * rowHeight)) + 40, this.#rankOptions());
    this.plots = [this.accuracy, this.loss, this.ranks];
    this.#scaleLegend();
    this.show();
  }

  /** More of the same adapter. */
  show() {
    if (this.points.length === 0) return;
    const drawn = this.curves?.map(curve => curve.name).join();
    if (this.plots.length === 0 || this.rowCount !== this.points.at(-1)[RANKS].length || drawn !== this.#curves().map(curve => curve.name).join()) {
      this.build();
      return;
    }
    const xs = this.#xs();
    const column = i => this.points.map(point => point[i]);
    const highest = this.points.reduce((most, point) => Math.max(most, ...point[RANKS]), 1);
    if (highest !== this.highest) {
      this.highest = highest;
      this.#scaleLegend();
    }
    this.accuracy.setData([xs, ...this.curves.map(curve => this.points.map(curve.value))]);
    this.loss.setData([xs, column(LOSS)]);
    this.ranks.setData([xs, xs.map(() => null)]);
    if (this.accuracy.cursor.idx === null || this.accuracy.cursor.idx === undefined) this.#read(null);
    else this.#read(this.accuracy.cursor.idx);
    const last = this.points.at(-1);
    const over = this.byTime ? 'time' : 'examples';
    this.#describe('accuracy', (this.#hasLabels()
      ? `Accuracy over ${over}: ${share(last[ACCURACY])} of all ${whole(last[EXAMPLES])} examples, ${share(last[RECENT])} of the last 1,000, majority ${share(last[MAJORITY])}.`
      : `Correlation and error over ${over}: ${this.curves.map(curve => curve.label + ' ' + share(curve.value(last))).join(', ')}.`)
      + ' Left and right arrows read the points.');
    this.#describe('loss', `Mean loss of the steps: now ${this.#lossOf(last)}.`);
    this.#describe('ranks', `Live ranks of ${last[RANKS].length} modules: now ${whole(sum(last[RANKS]))} of a budget of ${whole(last[BUDGET])}, after ${whole(sum(this.points[0][RANKS]))} at first. The table of ranks below has each number.`);
  }

  /** Whether the adapter learns labels, so that it has an accuracy. */
  #hasLabels() {
    return this.curves === OF_LABELS;
  }

  #curves() {
    return this.points.some(point => Object.keys(point[METRICS]).length > 0) ? curvesOf(this.points) : OF_LABELS;
  }

  #lossOf(point) {
    return share(point[LOSS]) + (this.#hasLabels() ? ' nats' : '');
  }

  #describe(id, text) {
    byId(id).setAttribute('aria-label', text);
  }

  #xs() {
    return this.points.map(point => (this.byTime ? point[TIME] / 1000 : point[EXAMPLES]));
  }

  /** Where on the axis a time is. */
  #place(millis) {
    if (this.byTime) return millis / 1000;
    const points = this.points;
    if (millis <= points[0][TIME]) return null;
    for (let i = 1; i < points.length; i++) {
      if (points[i][TIME] >= millis) {
        const part = (millis - points[i - 1][TIME]) / Math.max(1, points[i][TIME] - points[i - 1][TIME]);
        return points[i - 1][EXAMPLES] + part * (points[i][EXAMPLES] - points[i - 1][EXAMPLES]);
      }
    }
    return points.at(-1)[EXAMPLES];
  }

  /** Where on the axis an example of the adapter is; at its edge where that lies before. */
  #placeOf(example) {
    if (!this.byTime) return example;
    const points = this.points;
    for (let i = 0; i < points.length; i++) {
      if (points[i][EXAMPLES] < example) continue;
      if (i === 0) return points[0][TIME] / 1000;
      const part = (example - points[i - 1][EXAMPLES]) / Math.max(1, points[i][EXAMPLES] - points[i - 1][EXAMPLES]);
      return (points[i - 1][TIME] + part * (points[i][TIME] - points[i - 1][TIME])) / 1000;
    }
    return points.at(-1)[TIME] / 1000;
  }

  #plot(id, width, height, options) {
    const colours = this.colours;
    // A second scale at the right is room that the charts without one leave free: one time is one place.
    const right = RIGHT + (options.more || this.#hasLabels() ? 0 : LEFT);
    const axis = {
      stroke: colours.muted, font: '11px system-ui, sans-serif', grid: {stroke: colours.line, width: 1}, ticks: {show: false},
    };
    const plot = new uPlot({
      width, height, pxAlign: 1, padding: [8, right, 0, 0], legend: {show: false},
      cursor: {drag: {x: false, y: false}, sync: {key: SYNC, setSeries: false}, points: {size: 7}, y: false},
      scales: {x: {time: this.byTime, range: (u, low, high) => (low === high ? [low, high + 1] : [low, high])}, ...options.scales},
      axes: [{...axis, grid: {show: false}, size: 28, gap: 6, space: 70, values: (u, splits) => splits.map(this.byTime ? tick(u.scales.x) : whole)},
        {...axis, size: LEFT, gap: 8, ...options.axis},
        ...(options.more ?? []).map(other => ({...axis, size: LEFT, gap: 8, ...other}))],
      series: [{}, ...options.series],
      hooks: {
        draw: [u => { options.draw?.(u); this.#changes(u); this.#marks(u); }],
        setCursor: [u => this.#read(u.cursor.idx ?? null)],
      },
    }, [[], ...options.series.map(() => [])], byId(id));
    return plot;
  }

  #accuracyOptions() {
    const c = this.colours;
    return {
      scales: {y: {range: (u, low, high) => {
        const bottom = Math.max(0, Math.floor(((low ?? 0) - 0.03) * 20) / 20);
        const top = Math.max(bottom + 0.1, Math.ceil(((high ?? 1) + 0.02) * 20) / 20);
        return [bottom, top >= 1 ? 1 + 0.02 * (1 - bottom) : top];
      }}},
      axis: {values: (u, splits) => splits.map(value => (value > 1 ? '' : value.toFixed(2))), space: 36},
      series: [
        {stroke: c.plain, width: 1.5, points: {show: false}},
        {stroke: c.strong, width: 2.25, points: {show: false}},
        {stroke: c.majority, width: 1.5, dash: [5, 4], points: {show: false}},
      ],
    };
  }

  #metricOptions() {
    const c = this.colours;
    const looks = [
      {stroke: c.strong, width: 2.25}, {stroke: c.plain, width: 1.5},
    ];
    const error = {stroke: c.majority, width: 1.5, dash: [5, 4], scale: 'error'};
    return {
      scales: {
        y: {range: (u, low, high) => [Math.max(-1, Math.floor(((low ?? 0) - 0.03) * 10) / 10), Math.min(1.02, Math.ceil(((high ?? 1) + 0.02) * 10) / 10)]},
        error: {range: (u, low, high) => [0, (high ?? 1) * 1.08 || 1]},
      },
      axis: {values: (u, splits) => splits.map(value => (value > 1 ? '' : value.toFixed(2))), space: 36},
      more: [{scale: 'error', side: 1, grid: {show: false}, values: (u, splits) => splits.map(value => Number(value.toPrecision(3)))}],
      series: this.curves.map((curve, i) => ({...(curve.error ? error : looks[i]), points: {show: false}})),
    };
  }

  #lossOptions() {
    const c = this.colours;
    return {
      scales: {y: {range: (u, low, high) => [0, Math.max(0.1, (high ?? 1) * 1.08)]}},
      axis: {values: (u, splits) => splits.map(value => value.toFixed(1)), space: 30},
      series: [{stroke: c.strong, width: 1.5, fill: c.strong + '1a', points: {show: false}}],
    };
  }

  #rankOptions() {
    const rows = this.rowCount;
    const layers = this.#layers();
    return {
      scales: {y: {range: [0, rows]}},
      axis: {
        grid: {show: false}, splits: () => layers.map(layer => rows - (layer.from + layer.to) / 2),
        values: () => layers.map(layer => layer.text), space: 0,
      },
      series: [{stroke: 'transparent', points: {show: false}}],
      draw: u => this.#heat(u, layers),
    };
  }

  /** Rows of the heat map that belong together. */
  #layers() {
    const layers = [];
    for (let i = 0; i < this.rowCount; i++) {
      const {layer} = nameOf(this.modules[i], i);
      const text = layer === null ? String(Math.floor(i / 6) * 6 + 1) : 'layer ' + layer;
      if (layers.at(-1)?.text === text) layers.at(-1).to = i + 1;
      else layers.push({text, from: i, to: i + 1});
    }
    return layers;
  }

  #heat(u, layers) {
    const {left, top, width, height} = u.bbox;
    const context = u.ctx;
    const xs = u.data[0];
    const row = height / this.rowCount;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    let from = left;
    for (let p = 0; p < this.points.length; p++) {
      const to = p === this.points.length - 1 ? left + width : Math.round(u.valToPos(xs[p], 'x', true));
      const ranks = this.points[p][RANKS];
      if (to <= from) continue;
      for (let i = 0; i < ranks.length; i++) {
        const y = Math.round(top + i * row);
        context.fillStyle = shade(this.colours.ramp, ranks[i] / this.highest);
        context.fillRect(from, y, to - from, Math.round(top + (i + 1) * row) - y);
      }
      from = to;
    }
    context.fillStyle = css('--card');
    for (const layer of layers.slice(1)) context.fillRect(left, Math.round(top + layer.from * row) - devicePixelRatio, width, 2 * devicePixelRatio);
    context.restore();
  }

  /** Changes of the stream, on every chart: a band from where one began to the alarm, and a line there. */
  #changes(u) {
    const {left, top, width, height} = u.bbox;
    const context = u.ctx;
    const pixel = devicePixelRatio;
    const at = example => {
      const place = Math.min(u.scales.x.max, Math.max(u.scales.x.min, this.#placeOf(example)));
      return Math.round(u.valToPos(place, 'x', true));
    };
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    for (const drift of this.drifts) {
      const x = at(drift.example);
      const alarm = drift.said === 'NOTHING' || drift.said === 'CONFIRMED';
      context.strokeStyle = context.fillStyle = alarm ? this.colours.drift : drift.said === 'ADVICE' ? this.colours.advice : this.colours.muted;
      if (alarm) {
        const from = at(drift.beginning);
        context.globalAlpha = 0.14;
        context.fillRect(from, top, Math.max(pixel, x - from), height);
        context.globalAlpha = 1;
      }
      context.lineWidth = 1.5 * pixel;
      context.setLineDash(alarm ? [] : [2 * pixel, 3 * pixel]);
      context.beginPath();
      context.moveTo(x, top);
      context.lineTo(x, top + height);
      context.stroke();
    }
    context.restore();
  }

  /** Checkpoints, versions and restarts, on every chart. */
  #marks(u) {
    const {left, top, width, height} = u.bbox;
    const context = u.ctx;
    const pixel = devicePixelRatio;
    const at = millis => {
      const place = this.#place(millis);
      if (place === null || place < u.scales.x.min || place > u.scales.x.max) return null;
      return Math.round(u.valToPos(place, 'x', true));
    };
    context.save();
    for (const event of this.events) {
      const x = event.kind === 'NEWS' ? null : at(event.time);
      if (x === null) continue;
      context.beginPath();
      if (event.kind === 'RESTART') {
        context.strokeStyle = this.colours.restart;
        context.lineWidth = 1.5 * pixel;
        context.setLineDash([4 * pixel, 3 * pixel]);
        context.moveTo(x, top);
      } else {
        context.strokeStyle = this.colours.checkpoint;
        context.lineWidth = pixel;
        context.setLineDash([]);
        context.moveTo(x, top + height - 7 * pixel);
      }
      context.lineTo(x, top + height);
      context.stroke();
    }
    context.fillStyle = this.colours.version;
    for (const version of this.versions) {
      const place = this.byTime ? null : version.examples;
      const x = place === null ? at(version.time)
        : place < u.scales.x.min || place > u.scales.x.max ? null : Math.round(u.valToPos(place, 'x', true));
      if (x === null) continue;
      context.beginPath();
      context.moveTo(x - 4 * pixel, top);
      context.lineTo(x + 4 * pixel, top);
      context.lineTo(x, top + 6 * pixel);
      context.fill();
    }
    context.restore();
  }

  #scaleLegend() {
    const steps = 24;
    const bar = element('span', {class: 'ramp'});
    for (let i = 0; i < steps; i++) {
      const cell = element('i');
      cell.style.background = shade(this.colours.ramp, i / (steps - 1));
      bar.append(cell);
    }
    byId('rank-scale').replaceChildren('rank 0', bar, String(this.highest));
  }

  /** Whether a change lies at a point or at one beside it, where a pointer would mean it. */
  #isAt(drift, i) {
    const after = this.points[i - 2]?.[EXAMPLES] ?? 0;
    const until = this.points[i + 1]?.[EXAMPLES] ?? Infinity;
    return drift.example > after && (drift.beginning ?? drift.example) <= until;
  }

  /** Says in words what the charts have at a point; at the newest without one. */
  #read(idx) {
    const i = idx === null ? this.points.length - 1 : Math.min(idx, this.points.length - 1);
    const point = this.points[i];
    if (!point) return;
    const where = idx === null ? '' : `at step ${whole(point[STEP])}, ${moment(point[TIME])}: `;
    const changes = idx === null ? [] : this.drifts.filter(drift => this.#isAt(drift, i)).map(drift => element('span', {class: 'change'}, drift.text));
    byId('accuracy-read').replaceChildren(where, ...(this.#hasLabels()
      ? [key('strong', 'last 1,000', share(point[RECENT])), key('plain', 'all', share(point[ACCURACY])), key('majority', 'majority', share(point[MAJORITY]))]
      : this.curves.map((curve, i) => key(curve.error ? 'majority' : ['strong', 'plain'][i], curve.label, share(curve.value(point))))), ...changes);
    byId('loss-read').replaceChildren(where, key('strong', this.#hasLabels() ? 'mean cross entropy' : 'mean loss', this.#lossOf(point)));
    let what = `${whole(sum(point[RANKS]))} live, budget ${whole(point[BUDGET])}`;
    const y = this.ranks?.cursor.top;
    if (idx !== null && y !== undefined && y >= 0 && this.ranks.root.matches(':hover')) {
      const module = Math.min(this.rowCount - 1, Math.floor(this.rowCount * y / (this.ranks.bbox.height / devicePixelRatio)));
      what = `${nameOf(this.modules[module], module).text}: rank ${point[RANKS][module]}`;
    }
    setText(byId('ranks-read'), where + what);
  }

  #key(event) {
    if (!['ArrowLeft', 'ArrowRight', 'Home', 'End', 'Escape'].includes(event.key) || this.points.length === 0) return;
    event.preventDefault();
    const last = this.points.length - 1;
    const now = this.accuracy.cursor.idx ?? last;
    const next = {ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last, Escape: null}[event.key];
    this.#point(next === null ? null : Math.min(last, Math.max(0, next)));
  }

  #point(idx) {
    for (const plot of this.plots) {
      plot.setCursor(idx === null ? {left: -10, top: -10} : {left: plot.valToPos(plot.data[0][idx], 'x'), top: 1}, false);
    }
    this.#read(idx);
  }

  #resize() {
    const width = byId('accuracy').clientWidth;
    if (width > 0) this.plots.forEach(plot => plot.setSize({width, height: plot.height}));
  }
}

/** The clock, and the day where an axis has several. */
export function tick(scale) {
  const long = scale.max - scale.min > 86_400;
  return seconds => {
    const date = new Date(seconds * 1000);
    return long ? date.toLocaleDateString('sv-SE').slice(5) + ' ' + clock(seconds * 1000).slice(0, 5) : clock(seconds * 1000);
  };
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

export function key(kind, label, value) {
  return element('span', {class: 'key ' + kind}, label + ' ', element('b', {}, value));
}

/** Examples a second over time, small. */
export class Spark {
  constructor() {
    new ResizeObserver(() => this.#size()).observe(byId('throughput'));
  }

  show(throughput) {
    const spans = new Map(throughput.spans);
    const from = throughput.spans[0]?.[0];
    if (from === undefined) return;
    const to = throughput.spans.at(-1)[0];
    const xs = [];
    const ys = [];
    for (let span = from; span <= to; span++) {
      xs.push(span * throughput.seconds);
      ys.push((spans.get(span) ?? 0) / throughput.seconds);
    }
    if (!this.plot) this.#build();
    this.plot.setData([xs, smooth(ys)]);
  }

  rebuild() {
    if (!this.plot) return;
    const data = this.plot.data;
    this.plot.destroy();
    this.#build();
    this.plot.setData(data);
  }

  #build() {
    const colour = css('--accent');
    const box = byId('throughput');
    this.plot = new uPlot({
      width: box.clientWidth, height: 34, padding: [2, 0, 2, 0], legend: {show: false}, cursor: {show: false}, axes: [{show: false}, {show: false}],
      scales: {x: {time: false}, y: {range: (u, low, high) => [0, Math.max(1, high ?? 1)]}},
      series: [{}, {stroke: colour, width: 1.5, fill: colour + '22', points: {show: false}}],
    }, [[], []], box);
  }

  #size() {
    if (this.plot) this.plot.setSize({width: byId('throughput').clientWidth, height: 34});
  }
}

/** Mean of five neighbours: single seconds jump by whole micro-batches. */
function smooth(values) {
  return values.map((_, i) => {
    const near = values.slice(Math.max(0, i - 2), i + 3);
    return sum(near) / near.length;
  });
}
