/* Draws the report of a campaign from the data in the page. uPlot is loaded before this file. */
(() => {
  const report = JSON.parse(document.getElementById('data').textContent);
  const { name, verdict, command, about, shards, checks, mutants, simulations, costs, problems } = report;
  const main = document.getElementById('report');

  const add = (tag, text, parent = main, className = '') => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    parent.append(element);
    return element;
  };

  const format = (value, units) => {
    if (value === 0) return '0';
    const [unit, scale] = units.find(([, least]) => value >= least) ?? units.at(-1);
    return `${Number((value / scale).toPrecision(3))} ${unit}`;
  };
  const clock = [
    ['s', 1e9],
    ['ms', 1e6],
    ['us', 1e3],
    ['ns', 1],
  ];
  /** Formats nanoseconds: 1234567 as `1.23 ms`. */
  const ns = (value) => (value === undefined ? '' : format(value, clock));
  /** Formats seconds: 7800 as `2.17 h`. */
  const time = (s) =>
    s < 60
      ? format(s * 1e9, clock)
      : format(s, [
          ['h', 3600],
          ['min', 60],
        ]);
  const bytes = (value) =>
    format(value, [
      ['GiB', 2 ** 30],
      ['MiB', 2 ** 20],
      ['KiB', 2 ** 10],
      ['B', 1],
    ]);
  const count = (n) => (n === undefined ? '' : Math.round(n).toLocaleString('en-US'));
  const shardsOf = ({ done, planned }) => (done === planned ? count(planned) : `${count(done)} of ${count(planned)}`);

  const heading = () => {
    add('h1', `Campaign ${name}`);
    const line = add('p');
    add('span', verdict, line, `verdict ${verdict}`);
    line.append(`: ${count(shards.done)} of ${count(shards.planned)} shards done`);
    for (const text of about) add('p', text);
    add('code', command);
  };

  /** Draws a bar of all shards by what became of them. */
  const progress = () => {
    add('h2', 'Shards');
    const parts = [
      ['done', shards.done, 'var(--holds)'],
      ['failed', shards.failed, 'var(--violated)'],
      ['running', shards.running, 'var(--running)'],
      ['left', shards.left, 'var(--left)'],
    ];
    const bar = add('div', undefined, main, 'progress');
    const legend = add('div', undefined, main, 'legend');
    for (const [label, number, colour] of parts) {
      Object.assign(add('div', undefined, bar).style, { flex: `${number} 0 0`, background: colour });
      const item = add('span', undefined, legend);
      add('span', undefined, item, 'swatch').style.background = colour;
      item.append(`${count(number)} ${label}`);
    }
  };

  const tableOf = (heads, className = '') => {
    const table = add('table', undefined, add('div', undefined, main, 'scroll'), className);
    const head = add('tr', undefined, add('thead', undefined, table));
    for (const text of heads) add('th', text, head);
    return add('tbody', undefined, table);
  };

  const tableOfChecks = () => {
    add('h2', 'Verdicts');
    const { killed, survived, undecided } = mutants;
    const all = killed + survived.length + undecided.length;
    if (all > 0) add('p', `${count(killed)} of ${count(all)} mutants killed.`);
    if (survived.length > 0) add('p', `Survived: ${survived.join(', ')}.`, main, 'warn');
    if (undecided.length > 0) add('p', `Not decided: ${undecided.join(', ')}.`, main, 'warn');
    const heads = [
      '#',
      'design',
      'verdict',
      'checks',
      'size',
      'strategy',
      'shards',
      'states',
      'depth',
      'schedules',
      'time',
    ];
    const body = tableOf(heads, 'checks');
    checks.forEach((check, n) => {
      const row = add('tr', undefined, body);
      add('td', `${n + 1}`, row);
      add('td', check.design, row).title = check.label;
      // A violation is what a mutant is for.
      const isWanted = check.isMutant ? check.verdict === 'violated' : check.verdict === 'holds';
      const shown = check.isMutant ? { violated: 'killed', holds: 'not killed' }[check.verdict] : undefined;
      const colour = check.verdict === 'inconclusive' ? 'inconclusive' : isWanted ? 'holds' : 'violated';
      add('td', shown ?? check.verdict, row, `verdict ${colour}`);
      const { checks: kind, size, strategy, states, depth, schedules, seconds, violation, notes } = check;
      const figures = [shardsOf(check), count(states), count(depth), count(schedules), time(seconds)];
      for (const text of [kind, size, strategy, ...figures]) add('td', text, row);
      const lines = [
        ...(violation ? [`${violation.property} in ${count(violation.length)} steps: ${violation.replay}`] : []),
        ...notes,
      ];
      if (lines.length === 0) return;
      row.className = 'noted';
      const note = add('tr', undefined, body, 'note');
      add('td', '', note);
      add('td', lines.join('; '), note).colSpan = heads.length - 1;
    });
  };

  const tableOfSimulations = () => {
    add('h2', 'Simulations');
    add('p', 'Latency of guest writes, total time and downtime, over all runs.');
    const body = tableOf(['#', 'simulation', 'runs', 'write p50', 'p99.9', 'max', 'total', 'downtime'], 'simulations');
    simulations.forEach((simulation, n) => {
      const { label, vcpuWriteNs, totalNs, downtimeNs, violation } = simulation;
      const row = add('tr', undefined, body);
      const latencies = [vcpuWriteNs?.p50, vcpuWriteNs?.p999, vcpuWriteNs?.max, totalNs, downtimeNs].map(ns);
      for (const text of [`${n + 1}`, label, shardsOf(simulation), ...latencies]) add('td', text, row);
      if (!violation) return;
      row.className = 'noted';
      const note = add('tr', undefined, body, 'note');
      add('td', '', note);
      add('td', `${violation} was violated`, note, 'violated').colSpan = 7;
    });
  };

  const charts = [];

  /**
   * Draws points over the numbers of rows or shards, on a logarithmic axis.
   * @param series labels, the name of a colour, and points: `[number, value]`
   */
  const scatter = ({ title, description, axis, series, show, tick = show, base = 10, nameOf }) => {
    add('h2', title);
    add('p', description);
    const host = add('div');
    const label = add('p', ' ');
    const points = series.flatMap((one, n) => one.points.map(([x, y]) => ({ x, y, n }))).sort((a, b) => a.x - b.x);
    const xs = points.map(({ x }) => x);
    const ys = series.map((_, n) => points.map((point) => (point.n === n ? point.y : null)));
    const powerOf = (value) => Math.log2(value) / Math.log2(base);
    const isPower = (value) => Math.abs(powerOf(value) - Math.round(powerOf(value))) < 1e-9;
    const draw = () => {
      const style = getComputedStyle(document.documentElement);
      const colour = (variable) => style.getPropertyValue(variable).trim();
      const lines = { stroke: colour('--line'), width: 1 };
      const filter = (_, splits) => splits.map((value) => (isPower(value) ? value : null));
      return new uPlot(
        {
          width: main.clientWidth - 40,
          height: 260,
          legend: { show: series.length > 1, live: false },
          cursor: { drag: { x: true, y: false } },
          scales: {
            x: {
              time: false,
              range: (_, min, max) => [Math.max(0, min - (max - min) * 0.02 - 0.5), max + (max - min) * 0.02 + 0.5],
            },
            y: { distr: 3, log: base },
          },
          axes: [
            { stroke: colour('--soft'), grid: { show: false }, ticks: lines, label: axis, incrs: wholeSteps },
            {
              stroke: colour('--soft'),
              size: 90,
              grid: { ...lines, filter },
              ticks: { ...lines, filter },
              values: (_, splits) => splits.map((value) => (isPower(value) ? tick(value) : '')),
            },
          ],
          series: [
            { label: axis },
            ...series.map((one) => ({
              label: one.label,
              stroke: colour(one.colour),
              paths: () => null,
              points: { show: true, size: 6, fill: colour(one.colour) },
            })),
          ],
          hooks: {
            setCursor: [
              ({ cursor: { idx } }) => {
                const point = idx === null || idx === undefined ? undefined : points[idx];
                label.textContent = point ? `${nameOf(point.x)}: ${show(point.y)}` : ' ';
              },
            ],
          },
        },
        [xs, ...ys],
        host,
      );
    };
    charts.push({ host, draw, drawn: draw() });
  };
  const wholeSteps = [
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6,
  ];

  const chartOfStates = () => {
    const pointsOf = (wanted) =>
      checks.flatMap((check, n) => (wanted(check) && check.states > 0 ? [[n + 1, check.states]] : []));
    const series = [
      { label: 'designs', colour: '--running', points: pointsOf(({ isMutant }) => !isMutant) },
      { label: 'mutants', colour: '--inconclusive', points: pointsOf(({ isMutant }) => isMutant) },
    ].filter(({ points }) => points.length > 0);
    if (series.length === 0) return;
    scatter({
      title: 'States',
      description: 'Distinct states of each search, by its number in the table above.',
      axis: 'search',
      series,
      show: count,
      nameOf: (n) => `${n}. ${checks[n - 1].label}`,
    });
  };

  const chartsOfCosts = () => {
    if (costs.length === 0) return;
    const byNumber = new Map(costs.map((cost) => [cost.nth, cost]));
    const nameOf = (nth) => {
      const { label, shards: others } = byNumber.get(nth);
      return `shard ${count(nth)}, ${label}${others > 1 ? `, the most of ${count(others)} shards` : ''}`;
    };
    const all = costs.some(({ shards: others }) => others > 1) ? 'A point is the largest of several neighbours.' : '';
    const draw = ({ title, description, valueIn, ...axes }) => {
      const points = costs.map((cost) => [cost.nth, Math.max(valueIn(cost), 1e-6)]);
      const series = [{ label: 'shards', colour: '--running', points }];
      scatter({ title, description: `${description} ${all}`, axis: 'shard', series, nameOf, ...axes });
    };
    draw({
      title: 'Time of shards',
      description: 'Wall time of each shard, by its position in the plan.',
      valueIn: ({ seconds }) => seconds,
      show: time,
      tick: (s) => format(s * 1e9, clock),
    });
    draw({
      title: 'Memory of shards',
      description: 'Memory of the process when the shard ended. It may have run other shards before.',
      valueIn: ({ memoryBytes }) => memoryBytes,
      show: bytes,
      base: 2,
    });
  };

  const listOfProblems = () => {
    for (const { title, lines, count: number } of problems) {
      add('h2', `${title} (${count(number)})`);
      const list = add('ul');
      for (const line of lines) add('li', line, list);
      if (number > lines.length) add('p', `and ${count(number - lines.length)} more`);
    }
  };

  heading();
  progress();
  if (checks.length > 0) tableOfChecks();
  chartOfStates();
  if (simulations.length > 0) tableOfSimulations();
  chartsOfCosts();
  listOfProblems();

  // A chart has the colours and the width of the page when it was drawn.
  const redraw = () => {
    for (const chart of charts) {
      chart.drawn.destroy();
      chart.drawn = chart.draw();
    }
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  let pending;
  addEventListener('resize', () => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(redraw);
  });
})();
