/* What the pages of figures share: elements, numbers, a style for each name, charts that follow width and theme. */
globalThis.page = (() => {
  const main = document.getElementById('report');

  const add = (tag, text, parent = main) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  };

  /** Formats nanoseconds: 1234567 as `1.23 ms`. */
  const time = (ns) => {
    if (ns === 0) return '0';
    const units = { s: 1e9, ms: 1e6, us: 1e3, ns: 1 };
    const [unit, scale] = Object.entries(units).find(([, least]) => ns >= least) ?? ['ns', 1];
    return `${Number((ns / scale).toPrecision(3))} ${unit}`;
  };
  const count = (n) => Math.round(n).toLocaleString('en-US');

  // Colours that are told apart on paper of either theme, and with the common kinds of colour blindness by their dash.
  const palettes = {
    light: ['#0969da', '#bf3989', '#1a7f37', '#bc4c00', '#8250df', '#0a7ea4', '#7d5700', '#cf222e', '#57606a'],
    dark: ['#4493f8', '#f778ba', '#3fb950', '#f0883e', '#bc8cff', '#39c5cf', '#d29922', '#ff7b72', '#9198a1'],
  };
  const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3], [14, 4, 2, 3, 2, 3]];
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  let prints = false;
  const theme = () => (prefersDark.matches && !prints ? 'dark' : 'light');
  const inkOf = { light: '#1f2328', dark: '#e6edf3' };
  const softOf = { light: '#59636e', dark: '#9198a1' };
  const lineOf = { light: '#d1d9e0', dark: '#30363d' };
  const ink = () => inkOf[theme()];
  const soft = () => softOf[theme()];

  /** Returns a colour of the palette of the theme. */
  const colour = (n) => palettes[theme()][n % palettes.light.length];
  const places = new Map();
  /** Gives names their styles, in this order: 45 pairs of a colour and a dash. */
  const nameLines = (names) => {
    for (const name of names) if (!places.has(name)) places.set(name, places.size);
  };
  const colourOf = (name) => colour(places.get(name));
  const dashOf = (name) => dashes[Math.floor(places.get(name) / palettes.light.length) % dashes.length];

  const repainted = [];
  /** Draws something now, and again when the theme changes, before and after printing, and when the width changes. */
  const paint = (draw) => {
    repainted.push(draw);
    draw();
  };
  const repaint = () => {
    for (const draw of repainted) draw();
  };
  prefersDark.addEventListener('change', repaint);
  for (const [event, value] of [
    ['beforeprint', true],
    ['afterprint', false],
  ]) {
    addEventListener(event, () => {
      prints = value;
      repaint();
    });
  }
  const widthOf = () => main.clientWidth - 40;
  let width = widthOf();
  new ResizeObserver(() => {
    if (widthOf() === width) return;
    width = widthOf();
    repaint();
  }).observe(main);

  /** Adds a sample of the line of a name: its colour and its dash. */
  const sample = (name, parent) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    svg.setAttribute('class', 'sample');
    svg.setAttribute('aria-hidden', 'true');
    for (const [key, value] of Object.entries({ x1: 0, x2: 30, y1: 5, y2: 5, 'stroke-width': 2.5 })) {
      line.setAttribute(key, value);
    }
    line.setAttribute('stroke-dasharray', dashOf(name).join(' '));
    paint(() => line.setAttribute('stroke', colourOf(name)));
    svg.append(line);
    parent.prepend(svg);
  };

  const hidden = new Set();
  const charts = [];
  const watchers = [];
  /** Shows or hides a name in every chart of the page. */
  const setShown = (name, isShown) => {
    if (hidden.has(name) !== isShown) return;
    if (isShown) hidden.delete(name);
    else hidden.add(name);
    for (const { plot, names } of charts) {
      names.forEach((one, n) => {
        if (one === name && plot.series[n].show !== isShown) plot.setSeries(n, { show: isShown });
      });
    }
    for (const watch of watchers) watch(name, isShown);
  };

  /** Adds a chart. Series with a `name` have its style, and are hidden where that name is. */
  const chart = (options, data, parent = add('div')) => {
    const { names = [], axes, ...rest } = options;
    const themed = axes.map((axis) => ({
      ...axis,
      stroke: soft,
      grid: { width: 1, stroke: () => lineOf[theme()], ...axis.grid },
      ticks: { stroke: () => lineOf[theme()], ...axis.ticks },
    }));
    const series = rest.series.map((one, n) =>
      names[n] === undefined ? one : { ...one, stroke: () => colourOf(names[n]), dash: dashOf(names[n]), width: 2 },
    );
    const plot = new uPlot(
      {
        ...rest,
        series,
        axes: themed,
        width,
        legend: { markers: { show: names.length === 0 } },
        hooks: {
          setSeries: [
            (_, n, { show }) => {
              if (show !== undefined && n !== null && names[n] !== undefined) setShown(names[n], show);
            },
          ],
        },
      },
      data,
      parent,
    );
    const rows = parent.querySelectorAll('.u-legend .u-series');
    names.forEach((name, n) => {
      if (name !== undefined && rows[n]) sample(name, rows[n].querySelector('th'));
    });
    charts.push({ plot, names });
    paint(() => plot.setSize({ width, height: rest.height }));
    return plot;
  };

  /** Adds boxes that show and hide names in all charts. */
  const switches = (names, parent) => {
    const field = add('fieldset', undefined, parent);
    field.className = 'switches';
    add('legend', 'Shown in the charts', field);
    const boxes = new Map();
    for (const [title, isShown] of [
      ['all', true],
      ['none', false],
    ]) {
      const button = add('button', title, field);
      button.type = 'button';
      button.addEventListener('click', () => {
        for (const name of names) setShown(name, isShown);
      });
    }
    for (const name of names) {
      const label = add('label', undefined, field);
      const box = add('input', undefined, label);
      Object.assign(box, { type: 'checkbox', checked: true });
      const text = add('span', name, label);
      sample(name, text);
      box.addEventListener('change', () => setShown(name, box.checked));
      boxes.set(name, box);
    }
    watchers.push((name, isShown) => {
      const box = boxes.get(name);
      if (box) box.checked = isShown;
    });
  };

  /** Adds the command that made the page, and lines about it. */
  const origin = (command, about) => {
    for (const line of about) add('p', line);
    add('code', command).className = 'command';
  };

  return {
    add,
    chart,
    colour,
    count,
    ink,
    main,
    nameLines,
    origin,
    paint,
    sample,
    soft,
    switches,
    time,
    width: () => width,
  };
})();
