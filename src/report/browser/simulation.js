/* Draws the report from the data in the page. uPlot is loaded before this file. */
(() => {
  const { command, about, designs, timelines } = JSON.parse(document.getElementById('data').textContent);
  const main = document.getElementById('report');
  const palette = ['#0969da', '#bf3989', '#1a7f37', '#bc4c00', '#8250df', '#0a7ea4', '#9a6700', '#cf222e', '#57606a'];
  const colours = Object.fromEntries(designs.map(({ label }, n) => [label, palette[n % palette.length]]));
  const width = Math.min(1040, main.clientWidth - 40);

  const add = (tag, text, parent = main) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  };

  /** Formats nanoseconds: 1234567 as `1.23 ms`. */
  const time = (ns) => {
    if (ns === 0) return '0';
    const [unit, scale] = [
      ['s', 1e9],
      ['ms', 1e6],
      ['us', 1e3],
      ['ns', 1],
    ].find(([, least]) => ns >= least) ?? ['ns', 1];
    return `${Number((ns / scale).toPrecision(3))} ${unit}`;
  };
  const count = (n) => Math.round(n).toLocaleString('en-US');

  const heading = () => {
    add('h1', 'Simulation of dirty logging');
    for (const line of about) add('p', line);
    add('code', command);
  };

  const tableOfFigures = () => {
    add('h2', 'Figures');
    add('p', 'Latency of guest writes; longest hold of mmu_lock and longest wait for it; duration of the ioctls.');
    const columns = [
      ['write p50', ({ vcpuWriteNs }) => time(vcpuWriteNs.p50)],
      ['p99.9', ({ vcpuWriteNs }) => time(vcpuWriteNs.p999)],
      ['max', ({ vcpuWriteNs }) => time(vcpuWriteNs.max)],
      ['held, max', ({ mmuLockHoldNs }) => time(mmuLockHoldNs.max)],
      ['waited, max', ({ mmuLockWaitNs }) => time(mmuLockWaitNs.max)],
      ['GET, mean', ({ getDirtyLogNs }) => time(getDirtyLogNs.mean)],
      ['CLEAR, mean', ({ clearDirtyLogNs: { count: calls, mean } }) => (calls === 0 ? '-' : time(mean))],
      ['faults', ({ faults }) => count(faults)],
      ['rounds', ({ rounds }) => count(rounds)],
      ['total', ({ totalNs }) => time(totalNs)],
      ['downtime', ({ downtimeNs, converged }) => (converged === null ? '-' : time(downtimeNs))],
    ];
    const table = add('table', undefined, Object.assign(add('div'), { className: 'scroll' }));
    const head = add('tr', undefined, add('thead', undefined, table));
    for (const name of ['design', ...columns.map(([title]) => title)]) add('th', name, head);
    const body = add('tbody', undefined, table);
    for (const figures of designs) {
      const row = add('tr', undefined, body);
      const name = add('td', undefined, row);
      add('span', undefined, name).className = 'swatch';
      name.firstChild.style.background = colours[figures.label];
      name.append(figures.label);
      for (const [, show] of columns) add('td', show(figures), row);
    }
    for (const { label: design, converged, convergence, endedEarly, violation } of designs) {
      if (converged !== null) add('p', `${design}: ${convergence}`);
      if (endedEarly) add('p', `${design}: partial figures, the run ended early (${endedEarly}).`).className = 'warn';
      if (violation) {
        add('p', `${design}: ${violation.property} was violated at ${time(violation.atNs)}.`).className = 'warn';
      }
    }
  };

  /** A logarithmic axis with a grid line and a label per decade. */
  const isDecade = (value) => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;
  const filter = (_, splits) => splits.map((value) => (isDecade(value) ? value : null));
  const logarithmic = (show) => ({
    grid: { filter },
    ticks: { filter },
    values: (_, splits) => splits.map((value) => (isDecade(value) ? show(value) : '')),
  });
  const timeAxis = logarithmic(time);
  const shareAxis = { size: 80, ...logarithmic((share) => `${Number((share * 100).toPrecision(3))} %`) };

  const latencies = (title, description, figure) => {
    const shown = designs.filter(({ cdf }) => cdf[figure].length > 0);
    if (shown.length === 0) return;
    add('h2', title);
    add('p', description);
    const curves = shown.map(({ cdf }) => cdf[figure].filter(({ ns }) => ns > 0));
    const xs = [...new Set(curves.flatMap((points) => points.map(({ ns }) => ns)))].sort((a, b) => a - b);
    const ys = curves.map((points) => {
      let at = 0;
      let fraction = 0;
      const last = points.at(-1)?.ns ?? 0;
      return xs.map((ns) => {
        while (at < points.length && points[at].ns <= ns) fraction = points[at++].fraction;
        const slower = 1 - fraction;
        return ns > last || slower <= 0 ? null : slower;
      });
    });
    new uPlot(
      {
        width,
        height: 340,
        scales: { x: { time: false, distr: 3 }, y: { distr: 3 } },
        axes: [timeAxis, shareAxis],
        series: [
          { label: 'latency above', value: (_, ns) => (ns === null ? '' : time(ns)) },
          ...shown.map(({ label }) => ({
            label,
            stroke: colours[label],
            width: 2,
            paths: uPlot.paths.stepped({ align: 1 }),
            points: { show: false },
            value: (_, share) => (share === null ? '' : `${Number((share * 100).toPrecision(3))} %`),
          })),
        ],
      },
      [xs, ...ys],
      add('div'),
    );
  };

  /**
   * Draws figures over the values of a swept parameter: the longest write, the mean GET, the sum of all CLEARs. A line
   * per design and values of the other parameters.
   */
  const overSweep = (name) => {
    const values = [...new Set(designs.map(({ swept }) => swept[name]))];
    const others = ({ design, swept }) =>
      [
        design,
        ...Object.entries(swept).flatMap(([other, value]) => (other === name ? [] : [`${other}=${value}`])),
      ].join(' ');
    const lines = [...new Set(designs.map(others))];
    const figures = [
      ['Longest write', ({ vcpuWriteNs }) => vcpuWriteNs.max],
      ['GET_DIRTY_LOG, mean', ({ getDirtyLogNs }) => getDirtyLogNs.mean],
      ['CLEAR_DIRTY_LOG, total', ({ clearDirtyLogNs: { mean, count: calls } }) => mean * calls],
    ];
    for (const [title, numberOf] of figures) {
      if (designs.every((one) => numberOf(one) === 0)) continue;
      add('h3', `${title}, by ${name}`);
      const ys = lines.map((line) =>
        values.map((value) => {
          const one = designs.find((figures) => others(figures) === line && figures.swept[name] === value);
          return one && numberOf(one) > 0 ? numberOf(one) : null;
        }),
      );
      new uPlot(
        {
          width,
          height: 260,
          scales: { x: { time: false, range: [-0.2, values.length - 0.8] }, y: { distr: 3 } },
          axes: [
            { splits: values.map((_, n) => n), values: (_, ticks) => ticks.map((n) => values[n]) },
            { size: 80, ...timeAxis },
          ],
          series: [
            { label: name, value: (_, n) => values[n] ?? '' },
            ...lines.map((label, n) => ({
              label,
              stroke: palette[n % palette.length],
              width: 2,
              points: { show: true, size: 6 },
              value: (_, ns) => (ns === null ? '' : time(ns)),
            })),
          ],
        },
        [values.map((_, n) => n), ...ys],
        add('div'),
      );
    }
  };

  /** Draws a figure of each call of GET_DIRTY_LOG in the first run, over time. */
  const byRound = (title, description, numberOf, show) => {
    const shown = designs.filter(({ history }) => history.length > 0);
    if (shown.length === 0) return;
    add('h2', title);
    add('p', description);
    const first = shown.map(({ history }) => history.filter(({ run }) => run === 0));
    const xs = [...new Set(first.flatMap((all) => all.map(({ atNs }) => atNs / 1e9)))].sort((a, b) => a - b);
    const ys = first.map((all) => {
      const at = new Map(all.map((round) => [round.atNs / 1e9, numberOf(round)]));
      return xs.map((x) => at.get(x) ?? null);
    });
    new uPlot(
      {
        width,
        height: 280,
        scales: { x: { time: false }, y: { range: (_, __, max) => [0, max * 1.05] } },
        axes: [
          { values: (_, ticks) => ticks.map((s) => `${s} s`) },
          { size: 90, values: (_, ticks) => ticks.map(show) },
        ],
        series: [
          { label: 'time', value: (_, s) => (s === null ? '' : `${s.toFixed(3)} s`) },
          ...shown.map(({ label }) => ({
            label,
            stroke: colours[label],
            width: 2,
            spanGaps: true,
            points: { show: true, size: 5 },
            value: (_, n) => (n === null ? '' : show(n)),
          })),
        ],
      },
      [xs, ...ys],
      add('div'),
    );
  };

  const roleColours = { getDirtyLog: '#cf222e', vcpu: '#0969da', migration: '#9a6700' };
  const colourOf = (role) => roleColours[role.replace(/\d+$/, '')] ?? '#57606a';

  const lock = (design, { binNs, heldBy, waiting, longestWait }) => {
    add('h3', design);
    const roles = Object.keys(heldBy);
    if (roles.length === 0) {
      add('p', 'No actor took the lock.');
      return;
    }
    const xs = waiting.map((_, n) => ((n + 0.5) * binNs) / 1e9);
    const percent = (_, value) => (value === null ? '' : `${(value * 100).toFixed(2)} %`);
    new uPlot(
      {
        width,
        height: 220,
        scales: { x: { time: false }, y: { range: (_, __, max) => [0, Math.max(max, 0.01)] }, waiting: {} },
        axes: [
          { values: (_, ticks) => ticks.map((s) => `${s} s`) },
          { size: 70, values: (_, ticks) => ticks.map((part) => `${Number((part * 100).toPrecision(3))} %`) },
          { side: 1, scale: 'waiting', grid: { show: false }, label: 'waiting actors' },
        ],
        series: [
          { label: 'time', value: (_, s) => (s === null ? '' : `${s.toFixed(4)} s`) },
          ...roles.map((role) => ({
            label: `held by ${role}`,
            stroke: colourOf(role),
            fill: `${colourOf(role)}40`,
            points: { show: false },
            value: percent,
          })),
          { label: 'waiting', scale: 'waiting', stroke: '#1f2328', dash: [4, 3], points: { show: false } },
        ],
      },
      [xs, ...roles.map((role) => heldBy[role]), waiting],
      add('div'),
    );
    if (longestWait) around(longestWait);
  };

  /** Draws the moments around the longest wait, a row per actor: solid while it holds the lock, pale while it waits. */
  const around = ({ wait, fromNs, toNs, spans }) => {
    add('p', `Longest wait: ${wait.actor} waited ${time(wait.toNs - wait.fromNs)}.`);
    const names = [...new Set(spans.map(({ actor }) => actor))].sort();
    const [rowHeight, left] = [22, 110];
    const canvas = add('canvas');
    canvas.className = 'spans';
    const ratio = window.devicePixelRatio || 1;
    const height = names.length * rowHeight + 26;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.style.height = `${height}px`;
    const pen = canvas.getContext('2d');
    pen.scale(ratio, ratio);
    pen.font = '12px system-ui, sans-serif';
    const x = (ns) => left + ((Math.min(Math.max(ns, fromNs), toNs) - fromNs) / (toNs - fromNs)) * (width - left - 10);
    names.forEach((name, n) => {
      pen.fillStyle = '#1f2328';
      pen.fillText(name, 0, n * rowHeight + 15);
    });
    for (const { actor, kind, fromNs: from, toNs: to } of spans) {
      pen.fillStyle = kind === 'holds' ? colourOf(actor) : `${colourOf(actor)}40`;
      pen.fillRect(x(from), names.indexOf(actor) * rowHeight + 3, Math.max(1, x(to) - x(from)), rowHeight - 6);
    }
    pen.fillStyle = '#59636e';
    pen.fillText(`${(fromNs / 1e9).toFixed(6)} s`, left, height - 6);
    pen.textAlign = 'right';
    pen.fillText(`+ ${time(toNs - fromNs)}`, width - 10, height - 6);
  };

  heading();
  tableOfFigures();
  const sweeps = Object.keys(designs[0]?.swept ?? {});
  if (sweeps.length > 0) add('h2', 'Sweep');
  for (const name of sweeps) overSweep(name);
  latencies('Write latency', 'Share of guest writes with a higher latency.', 'vcpuWriteNs');
  byRound('GET_DIRTY_LOG', 'Duration of each call (first run).', ({ getNs }) => getNs, time);
  if (designs.some(({ converged }) => converged !== null)) {
    const description = 'Pages left to send after each log was merged (first run).';
    byRound('Dirty pages by round', description, ({ dirtyPages }) => dirtyPages, count);
  }
  if (Object.keys(timelines).length > 0) {
    add('h2', 'Holders of mmu_lock and waiting actors');
    add(
      'p',
      'Above: the whole first run. Below: the moments around its longest wait; solid: holds the lock, pale: waits.',
    );
    for (const [design, timeline] of Object.entries(timelines)) lock(design, timeline);
  }
})();
