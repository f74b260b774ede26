/* Draws timelines of mmu_lock. uPlot and page.js come before this file. */
globalThis.lockTimelines = (() => {
  const { add, colour, ink, paint, soft, time } = page;
  const roleColours = { vcpu: 0, migration: 6, getDirtyLog: 7 };
  /** Returns the colour of the actors of a role. */
  const colourOf = (role) => colour(roleColours[role.replace(/\d+$/, '')] ?? 8);

  const lock = (design, { binNs, heldBy, waiting, longestWait }, most) => {
    add('h3', design);
    const roles = Object.keys(heldBy);
    if (roles.length === 0) {
      add('p', 'No actor took the lock.');
      return;
    }
    const xs = waiting.map((_, n) => ((n + 0.5) * binNs) / 1e9);
    const percent = (_, value) => (value === null ? '' : `${(value * 100).toFixed(2)} %`);
    page.chart(
      {
        height: 220,
        scales: {
          x: { time: false, range: [0, most.seconds] },
          y: { range: [0, most.held] },
          waiting: { range: [0, most.waiting] },
        },
        axes: [
          { values: (_, ticks) => ticks.map((s) => `${s} s`) },
          { size: 70, values: (_, ticks) => ticks.map((part) => `${Number((part * 100).toPrecision(3))} %`) },
          { side: 1, scale: 'waiting', grid: { show: false }, label: 'waiting actors' },
        ],
        series: [
          { label: 'time', value: (_, s) => (s === null ? '' : `${s.toFixed(4)} s`) },
          ...roles.map((role) => ({
            label: `held by ${role}`,
            stroke: () => colourOf(role),
            fill: () => `${colourOf(role)}40`,
            points: { show: false },
            value: percent,
          })),
          { label: 'waiting', scale: 'waiting', stroke: ink, dash: [4, 3], points: { show: false } },
        ],
      },
      [xs, ...roles.map((role) => heldBy[role]), waiting],
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
    paint(() => {
      const width = page.width();
      const ratio = window.devicePixelRatio || 1;
      const height = names.length * rowHeight + 26;
      canvas.width = width * ratio;
      canvas.height = height * ratio;
      canvas.style.height = `${height}px`;
      const pen = canvas.getContext('2d');
      pen.scale(ratio, ratio);
      pen.font = '12px system-ui, sans-serif';
      const x = (ns) =>
        left + ((Math.min(Math.max(ns, fromNs), toNs) - fromNs) / (toNs - fromNs)) * (width - left - 10);
      names.forEach((name, n) => {
        pen.fillStyle = ink();
        pen.fillText(name, 0, n * rowHeight + 15);
      });
      for (const { actor, kind, fromNs: from, toNs: to } of spans) {
        pen.fillStyle = kind === 'holds' ? colourOf(actor) : `${colourOf(actor)}40`;
        pen.fillRect(x(from), names.indexOf(actor) * rowHeight + 3, Math.max(1, x(to) - x(from)), rowHeight - 6);
      }
      pen.fillStyle = soft();
      pen.fillText(`${(fromNs / 1e9).toFixed(6)} s`, left, height - 6);
      pen.textAlign = 'right';
      pen.fillText(`+ ${time(toNs - fromNs)}`, width - 10, height - 6);
    });
  };

  /** Draws the timelines of designs, all on the same scales. */
  return (timelines) => {
    const all = Object.values(timelines);
    const most = {
      seconds: Math.max(...all.map(({ binNs, waiting }) => (binNs * waiting.length) / 1e9), 1e-9),
      held: Math.max(...all.flatMap(({ heldBy }) => Object.values(heldBy).flat()), 0.01),
      waiting: Math.max(...all.flatMap(({ waiting }) => waiting), 1),
    };
    for (const [design, timeline] of Object.entries(timelines)) lock(design, timeline, most);
  };
})();
