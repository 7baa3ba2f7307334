import {byId, element, setText, share, signed, whole} from './text.js';

const ROW_HEIGHT = 34;
const SPARE_ROWS = 8;

/** How much better than a guess that has not read the text; null where that is not known. */
export function gain(row) {
  return row.gain ?? null;
}

/** What adapters are measured against: one guess, or the one of each. */
export function baseline(rows) {
  const all = [...new Set([...rows].filter(row => gain(row) !== null).map(row => row.baseline))];
  return all.length === 1 ? all[0] : 'baseline';
}

/** What stands before a score that has a sign of its own. */
const SIGNS = {accuracy: '', Pearson: 'r '};

/** Its score over the newest examples, with what it is where that is no accuracy; of one that learns nothing, the estimate on its inputs. */
function recent(row) {
  const value = row.recent ?? null;
  if (value === null && row.estimate !== undefined) return '≈ ' + share(row.estimate);
  return value === null ? share(value) : (SIGNS[row.measure] ?? row.measure + ' ') + share(value);
}

const COLUMNS = [
  {key: 'id', label: 'adapter', value: row => row.id, text: row => row.id},
  {key: 'recent', label: 'last 1,000', value: row => row.recent ?? row.estimate ?? null, text: recent},
  {key: 'gain', label: 'over majority', value: gain, text: row => signed(gain(row))},
  {key: 'examples', label: 'examples', value: row => row.examples, text: row => whole(row.examples), spare: true},
  {key: 'rate', label: 'per min', value: row => row.rate, text: row => whole(row.rate * 60), spare: true},
  {key: 'refused', label: 'refused', value: row => row.refused, text: row => whole(row.refused)},
];

/** The adapters, of which only those in sight are elements. */
export class AdapterTable {
  constructor(select) {
    this.select = select;
    this.rows = new Map();
    this.order = [];
    this.selected = null;
    this.sort = {key: 'gain', descending: false};
    this.box = byId('rows');
    this.table = this.box.querySelector('table');
    this.body = this.box.querySelector('tbody');
    this.search = byId('search');
    this.#head();
    this.search.addEventListener('input', () => this.#arrange());
    this.search.addEventListener('keydown', event => {
      if (event.key === 'ArrowDown' || event.key === 'Enter') {
        event.preventDefault();
        if (this.order.length > 0) this.#choose(event.key === 'Enter' ? this.order[0].id : this.order[0].id, true);
      }
    });
    this.box.addEventListener('scroll', () => this.#show(), {passive: true});
    this.body.addEventListener('click', event => {
      const row = event.target.closest('tr[data-row]');
      if (row) this.#choose(this.order[Number(row.dataset.row)].id, true);
    });
    this.body.addEventListener('keydown', event => this.#key(event));
    document.addEventListener('keydown', event => {
      const typing = event.target instanceof HTMLInputElement;
      if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        this.search.focus();
      }
    });
    new ResizeObserver(() => this.#show()).observe(this.box);
  }

  /** Takes in rows that have changed; all of them are new where the rest is forgotten. */
  update(changed, forgetRest) {
    if (forgetRest) this.rows.clear();
    for (const row of changed) this.rows.set(row.id, row);
    // Rows do not move away from under a pointer or a finger.
    const held = this.body.matches(':hover') || this.body.contains(document.activeElement);
    if (held && !forgetRest && this.order.length > 0) {
      const known = new Set(this.order.map(row => row.id));
      this.order = this.order.map(row => this.rows.get(row.id));
      for (const row of changed) if (!known.has(row.id) && this.#matches(row)) this.order.push(row);
      this.#show();
    } else {
      this.#arrange();
    }
  }

  first() {
    return this.order.length > 0 ? this.order[0].id : null;
  }

  mark(id) {
    this.selected = id;
    this.#show();
  }

  #head() {
    const head = this.box.querySelector('thead tr');
    for (const column of COLUMNS) {
      const button = element('button', {type: 'button'}, column.label);
      const cell = element('th', {scope: 'col', class: column.spare ? 'spare' : null}, button);
      button.addEventListener('click', () => {
        const again = this.sort.key === column.key;
        this.sort = {key: column.key, descending: again ? !this.sort.descending : column.key === 'refused' || column.key === 'rate'};
        this.#arrange();
      });
      head.append(cell);
      if (column.key === 'gain') this.gainHead = button;
    }
  }

  #matches(row) {
    return row.id.toLowerCase().includes(this.search.value.trim().toLowerCase());
  }

  #arrange() {
    const column = COLUMNS.find(one => one.key === this.sort.key);
    const way = this.sort.descending ? -1 : 1;
    this.order = [...this.rows.values()].filter(row => this.#matches(row)).sort((a, b) => {
      const one = column.value(a);
      const other = column.value(b);
      if (one === other) return a.id < b.id ? -1 : 1;
      if (one === null) return -way;
      if (other === null) return way;
      return one < other ? -way : way;
    });
    [...this.box.querySelectorAll('thead th')].forEach((cell, i) => {
      if (COLUMNS[i].key === this.sort.key) cell.setAttribute('aria-sort', this.sort.descending ? 'descending' : 'ascending');
      else cell.removeAttribute('aria-sort');
    });
    setText(this.gainHead, 'over ' + baseline(this.rows.values()));
    const found = this.order.length;
    const note = this.rows.size === 0 ? 'No adapter has learned or predicted yet.'
      : found < this.rows.size ? `${whole(found)} of ${whole(this.rows.size)} adapters` : '';
    setText(byId('row-note'), note);
    this.#show();
  }

  #show() {
    const from = Math.max(0, Math.floor(this.box.scrollTop / ROW_HEIGHT) - SPARE_ROWS);
    const seen = Math.ceil(this.box.clientHeight / ROW_HEIGHT) + 2 * SPARE_ROWS;
    const to = Math.min(this.order.length, from + seen);
    const focused = document.activeElement?.dataset?.row;
    const shown = [this.#gap(from)];
    for (let i = from; i < to; i++) shown.push(this.#row(this.order[i], i));
    shown.push(this.#gap(this.order.length - to));
    this.body.replaceChildren(...shown);
    this.table.setAttribute('aria-rowcount', this.order.length + 1);
    if (focused !== undefined) this.body.querySelector(`tr[data-row="${Number(focused)}"]`)?.focus({preventScroll: true});
  }

  #gap(rows) {
    const gap = element('tr', {'aria-hidden': 'true', class: 'gap'}, element('td'));
    gap.style.height = rows * ROW_HEIGHT + 'px';
    return gap;
  }

  #row(row, i) {
    const chosen = row.id === this.selected;
    const better = gain(row);
    return element('tr', {
      'data-row': i, 'aria-rowindex': i + 2, 'aria-selected': chosen, class: chosen ? 'chosen' : null,
      tabindex: chosen || (i === 0 && !this.order.some(one => one.id === this.selected)) ? 0 : -1,
    }, ...COLUMNS.map((column, c) => {
      const poor = column.key === 'gain' && better !== null && better <= 0;
      const bad = column.key === 'refused' && row.refused > 0;
      const classes = [column.spare ? 'spare' : '', poor || bad ? 'poor' : ''].join(' ').trim();
      return element(c === 0 ? 'th' : 'td', {scope: c === 0 ? 'row' : null, class: classes || null, title: c === 0 ? row.id : column.key === 'recent' ? row.measure ?? (row.estimate === undefined ? null : 'accuracy on all inputs, estimated') : null}, column.text(row));
    }));
  }

  #key(event) {
    const at = Number(event.target.closest('tr[data-row]')?.dataset.row);
    const page = Math.max(1, Math.floor(this.box.clientHeight / ROW_HEIGHT) - 1);
    const moves = {ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: this.order.length - 1};
    if (Number.isNaN(at) || !(event.key in moves)) return;
    event.preventDefault();
    const next = Math.min(this.order.length - 1, Math.max(0, moves[event.key]));
    this.#choose(this.order[next].id, true);
  }

  #choose(id, focus) {
    this.selected = id;
    const i = this.order.findIndex(row => row.id === id);
    const top = i * ROW_HEIGHT;
    const room = this.box.clientHeight - this.box.querySelector('thead').offsetHeight - ROW_HEIGHT;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top > this.box.scrollTop + room) this.box.scrollTop = top - room;
    this.#show();
    if (focus) this.body.querySelector(`tr[data-row="${i}"]`)?.focus({preventScroll: true});
    this.select(id);
  }
}
