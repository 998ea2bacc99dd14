'use strict';

const SVG = 'http://www.w3.org/2000/svg';
const element = id => document.getElementById(id);
const whole = new Intl.NumberFormat('en');
let latest = null;

// Everything is set as text, never as markup: names come from the program that is watched.
function put(parent, tag, text, className) {
  const child = document.createElement(tag);
  child.textContent = text;
  if (className) {
    child.className = className;
  }
  parent.append(child);
  return child;
}

function line(values, label) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 100 20');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  if (values.length > 1) {
    const low = Math.min(...values);
    const range = Math.max(...values) - low;
    const points = values.map((value, i) =>
      (i * 100 / (values.length - 1)).toFixed(2) + ',' + (range === 0 ? 10 : 19 - (value - low) * 18 / range).toFixed(2));
    const polyline = document.createElementNS(SVG, 'polyline');
    polyline.setAttribute('points', points.join(' '));
    svg.append(polyline);
  }
  return svg;
}

function bytes(value) {
  return value >= 1 << 30 ? (value / (1 << 30)).toFixed(2) + ' GB' : Math.round(value / (1 << 20)) + ' MB';
}

function age(millis) {
  return millis < 1000 ? millis + ' ms' : millis < 120000 ? Math.round(millis / 1000) + ' s' : Math.round(millis / 60000) + ' min';
}

function figures(entry) {
  const all = Object.assign({}, entry.figures);
  const parts = [];
  if ('hits' in all && 'misses' in all) {
    const requests = all.hits + all.misses;
    parts.push('hit ratio ' + (requests === 0 ? '-' : (100 * all.hits / requests).toFixed(1) + ' %'));
  }
  for (const [name, value] of Object.entries(all)) {
    if (value !== null && value !== 0) {
      const words = name.replace(/[A-Z]/g, c => ' ' + c.toLowerCase());
      parts.push(words + ' ' + (Number.isInteger(value) ? whole.format(value) : value.toPrecision(4)));
    }
  }
  return parts.join(', ');
}

function rows() {
  const wanted = element('filter').value.toLowerCase();
  const order = element('sort').value;
  const list = latest.census.list.map(entry => {
    const values = latest.history[entry.id] || [];
    return {entry, values, growth: values.length === 0 ? 0 : entry.size - values[0]};
  }).filter(row => (row.entry.name + ' ' + row.entry.kind + ' ' + row.entry.site).toLowerCase().includes(wanted));
  list.sort((a, b) => order === 'name' ? a.entry.name.localeCompare(b.entry.name)
    : order === 'size' ? b.entry.size - a.entry.size : b.growth - a.growth || b.entry.size - a.entry.size);
  const body = document.createDocumentFragment();
  for (const {entry, values, growth} of list) {
    const row = document.createElement('tr');
    put(row, 'td', entry.name, 'name');
    put(row, 'td', entry.kind, 'kind');
    put(row, 'td', entry.failure ? 'failed' : whole.format(entry.size), 'number size').title = entry.failure || '';
    put(row, 'td', growth > 0 ? '+' + whole.format(growth) : whole.format(growth), 'number growth ' + (growth > 0 ? 'up' : growth < 0 ? 'down' : ''));
    put(row, 'td', '', 'over').append(line(values, entry.name + ' from ' + (values[0] || 0) + ' to ' + entry.size));
    put(row, 'td', entry.bound, entry.unbounded ? 'bound unbounded' : 'bound');
    put(row, 'td', figures(entry), 'figures');
    put(row, 'td', entry.site + (entry.classLoader === 'app' ? '' : ' [' + entry.classLoader + ']'), 'site');
    body.append(row);
  }
  element('rows').replaceChildren(body);
  const left = latest.containers - latest.census.list.length;
  element('shown').textContent = list.length + ' shown' + (left > 0 ? ', ' + left + ' smaller ones left out' : '');
}

function show() {
  element('containers').textContent = whole.format(latest.containers);
  element('entries').textContent = whole.format(latest.entries);
  element('leakCount').textContent = whole.format(latest.leakCount);
  const used = latest.heap.used;
  element('heap').textContent = bytes(used[used.length - 1] || 0) + ' of ' + bytes(latest.heap.maximum);
  element('heapLine').replaceChildren(line(used, 'heap in use over time'));
  element('verdicts').replaceChildren();
  for (const verdict of latest.verdicts) {
    put(element('verdicts'), 'li', verdict);
  }
  if (latest.verdicts.length === 0) {
    put(element('verdicts'), 'li', 'nothing, so far');
  }
  element('noLeaks').hidden = latest.leaks.length > 0;
  element('leaks').replaceChildren();
  for (const leak of latest.leaks) {
    const item = document.createElement('li');
    put(item, 'strong', leak.container + ': ' + leak.kind);
    put(item, 'span', ' (' + leak.what + '), open for ' + age(leak.ageMillis));
    put(item, 'div', leak.site, 'site');
    for (const hint of leak.hints) {
      put(item, 'div', hint, 'site');
    }
    element('leaks').append(item);
  }
  rows();
}

function state(text, lost) {
  element('state').textContent = text;
  element('state').className = lost ? 'lost' : '';
}

async function refresh() {
  let wait = 2000;
  if (!document.hidden) {
    try {
      const response = await fetch('census.json');
      latest = await response.json();
      wait = latest.periodMillis;
      state('at ' + latest.census.time.replace('T', ' ').replace(/\..*|Z/, '') + ' UTC, growth over '
        + age(Math.max(0, latest.heap.used.length - 1) * wait), false);
      show();
    } catch (e) {
      state('no answer: the program has ended, or the server was closed', true);
    }
  }
  setTimeout(refresh, wait);
}

element('filter').addEventListener('input', () => latest && rows());
element('sort').addEventListener('change', () => latest && rows());
refresh();
