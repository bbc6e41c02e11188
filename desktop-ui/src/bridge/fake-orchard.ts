// A company in the middle of its week, for pictures and looks: enough people, words and trouble to see every state.

import type { PersonView } from './generated/PersonView';
import { FakeWorld, type Said } from './fake-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function person(id: string, name: string, title: string, zone = 'Europe/Berlin'): PersonView {
  const email = `${name.split(' ')[0]?.toLowerCase() ?? id}@orchard.example`;
  return { id: `u_${id}`, name, title, email, time_zone: zone, active: true, role: 'member', picture: null };
}

const ada: PersonView = { ...person('ada', 'Ada Winter', 'Operations'), role: 'administrator' };
const mei = person('mei', 'Mei Tan', 'Product design', 'Asia/Singapore');
const tom = person('tom', 'Tom Okafor', 'Backend');
const lena = person('lena', 'Lena Fischer', 'Support lead');
const ravi = person('ravi', 'Ravi Menon', 'Data', 'Asia/Kolkata');
const sofia = person('sofia', 'Sofía Álvarez', 'Sales', 'Europe/Madrid');
const jonas = person('jonas', 'Jonas Berg', 'Warehouse');
const yuki = person('yuki', 'Yuki Satō', 'Research', 'Asia/Tokyo');
const others = [mei, tom, lena, ravi, sofia, jonas, yuki];

const QUERY = `Here is the query I used, it needs about 40 ms now:

\`\`\`sql
SELECT crate, count(*) AS picked, round(avg(ripeness), 2) AS ripeness
FROM harvest
WHERE picked_at >= date('now', '-7 days') AND orchard IN ('north slope', 'river', 'old wall')
GROUP BY crate
ORDER BY picked DESC;
\`\`\`

The index on \`picked_at\` was missing.`;

const CHECKLIST = `Before Thursday:

- [x] Labels for the new boxes
- [x] Scales calibrated
- [ ] Second van booked, see https://vans.example/orchard
- [ ] **Somebody** checks the cold room at night`;

const TABLE = `| Slope | Crates | Ripe |
| --- | ---: | ---: |
| North | 212 | 81 % |
| River | 174 | 64 % |
| Old wall | 96 | 92 % |`;

const HARVEST_TOPIC = 'Picking, packing and the vans. Numbers from the scales every morning at eight';

/** `now` is the moment at which somebody looks. */
export function orchard(now: number): FakeWorld {
  const world = new FakeWorld(ada, others);
  const today = now - 4 * MINUTE;
  const yesterday = today - DAY;
  const ids = others.map((other) => other.id);

  world.add(
    { id: 'c_harvest', kind: 'channel', name: 'harvest', members: ids, topic: HARVEST_TOPIC },
    [...harvestBefore(yesterday - DAY), ...harvest(yesterday, today)],
    3,
  );
  world.add({ id: 'c_general', kind: 'channel', name: 'general', members: ids, created_by: ada.id }, general(yesterday));
  world.add(
    { id: 'c_design', kind: 'channel', name: 'design-reviews', visibility: 'private', members: [mei.id, yuki.id] },
    [said(mei.id, yesterday + HOUR, 'Round two of the crate label is in the folder.')],
  );
  world.add({ id: 'c_support', kind: 'channel', name: 'support', members: [lena.id, sofia.id] }, [
    said(lena.id, yesterday + 2 * HOUR, 'Quiet day. Three tickets, all about delivery times. <@u_ada>, can you look at the third with <@u_sofia>?'),
  ]);
  world.add({ id: 'c_long', kind: 'channel', name: 'deliveries-south-and-islands-2026', members: [sofia.id] }, [
    said(sofia.id, yesterday - 3 * DAY, 'The ferry is booked.'),
  ]);
  world.add({ id: 'c_fair', kind: 'channel', name: 'spring-fair-2025', members: [mei.id, lena.id], archived: true }, [
    said(lena.id, yesterday - 300 * DAY, 'That was a good one. Thank you all for two long days.'),
    said(mei.id, yesterday - 300 * DAY + HOUR, 'The banners are in the loft, labelled for next year.'),
  ]);
  world.add({ id: 'c_press', kind: 'channel', name: 'old-press', members: [tom.id], archived: true }, [
    said(tom.id, yesterday - 90 * DAY, 'The old press is sold. Nothing left to say here.'),
  ]);
  world.add({ id: 'd_mei', kind: 'direct', members: [ada.id, mei.id] }, withMei(yesterday, today), 1);
  const draft = world.add({ id: 'd_tom', kind: 'direct', members: [ada.id, tom.id] }, [
    said(tom.id, yesterday + 3 * HOUR, 'Deployed. Shout if the scales act up again.'),
  ]);
  draft.draft = 'Thanks Tom, one more thing about the scales';
  draft.row.has_draft = true;
  const group = world.add({ id: 'd_group', kind: 'group', members: [ada.id, lena.id, jonas.id, sofia.id, tom.id] }, [
    said(jonas.id, yesterday - 2 * DAY, 'Van keys are in the top drawer.'),
    said(ada.id, yesterday - 2 * DAY + 4 * MINUTE, 'Thank you. I will need them at six.', { answers: 1 }),
    said(lena.id, yesterday - 2 * DAY + 9 * MINUTE, 'Then I take the tram.', { reactions: { '🚋': [ada.id, jonas.id] } }),
    said(ada.id, yesterday - 2 * DAY + 12 * MINUTE, 'I can pick you up, it is on the way.', {
      before: 'I can pick you up.',
    }),
  ]);
  group.receipts = [
    { person: jonas.id, ordinal: 3 },
    { person: lena.id, ordinal: 4 },
    { person: sofia.id, ordinal: 4 },
    { person: tom.id, ordinal: 2 },
  ];
  const noon = world.add({ id: 'd_lena', kind: 'direct', members: [ada.id, lena.id] }, [
    said(lena.id, yesterday + 2 * HOUR, 'Did the customer with the old wall write back?'),
    said(ada.id, yesterday + 2 * HOUR + MINUTE, 'This morning. She takes forty crates.'),
  ]);
  noon.receipts = [{ person: lena.id, ordinal: 2 }];
  world.add({ id: 'c_old', kind: 'channel', name: 'labels-2025', members: [mei.id] }, [
    said(mei.id, yesterday - 90 * DAY, 'The last sheet is printed. See you in the new channel.'),
    { by: ada.id, at: yesterday - 80 * DAY, archived: true },
  ]);
  world.add({ id: 'd_yuki', kind: 'direct', members: [ada.id, yuki.id] }, [
    said(yuki.id, yesterday - 4 * DAY, 'See you at the tasting next week.'),
  ]);
  world.add({ id: 'd_ravi', kind: 'direct', members: [ada.id, ravi.id] }, []);
  world.otherChannels = [
    { id: 'c_lunch', name: 'lunch', visibility: 'public', member_count: 23, membership: 'none' },
    { id: 'c_pruning', name: 'pruning', visibility: 'public', member_count: 6, membership: 'none' },
    { id: 'c_random', name: 'random', visibility: 'public', member_count: 41, membership: 'none' },
  ];
  return world;
}

type More = Partial<Omit<Extract<Said, { body: string }>, 'by' | 'at' | 'body'>>;

/** A message, and what happened to it since. */
function said(by: string, at: number, body: string, more: More = {}): Said {
  return { by, at, body, ...more };
}

function harvestBefore(day: number): Said[] {
  const lines: Said[] = [
    { by: tom.id, at: day - 5 * DAY, joined: tom.id },
    { by: tom.id, at: day - 5 * DAY + MINUTE, joined: ada.id },
    { by: tom.id, at: day - 5 * DAY + MINUTE, joined: mei.id },
  ];
  const words = ['North slope is done.', 'River is next.', 'How many crates are left?', 'Forty, give or take.'];
  for (let index = 0; index < 120; index += 1) {
    const by = [jonas, tom, ada, jonas][index % 4] ?? jonas;
    lines.push(said(by.id, day - 4 * DAY + index * 31 * MINUTE, words[index % words.length] ?? ''));
  }
  return lines;
}

function harvest(yesterday: number, today: number): Said[] {
  return [
    said(tom.id, yesterday, 'Morning all. Numbers from the scales are in, the north slope is ahead of last year.'),
    said(tom.id, yesterday + MINUTE, TABLE, { reactions: { '🎉': [ada.id, mei.id, jonas.id], '👀': [lena.id] } }),
    said(mei.id, yesterday + 12 * MINUTE, 'Lovely. Can we get these per crate, so the label can show the ripeness?'),
    said(tom.id, yesterday + 40 * MINUTE, QUERY, { answers: 1 }),
    said(ada.id, yesterday + 44 * MINUTE, 'That is fast enough for the packing line. Thank you!', {
      reactions: { '❤️': [tom.id] },
    }),
    { by: lena.id, at: yesterday + 5 * HOUR, joined: lena.id },
    { by: ravi.id, at: yesterday + 5 * HOUR + MINUTE, joined: ravi.id },
    { by: sofia.id, at: yesterday + 5 * HOUR + 2 * MINUTE, joined: sofia.id },
    { by: ada.id, at: yesterday + 5 * HOUR + 3 * MINUTE, joined: yuki.id },
    said(jonas.id, today - 40 * MINUTE, CHECKLIST, {
      pinned: true,
      before: CHECKLIST.replace('[x] Scales', '[ ] Scales'),
      reactions: { '✅': [ada.id, tom.id], '🚚': [ravi.id] },
    }),
    said(ada.id, today - 31 * MINUTE, 'I take the cold room tonight.', { answers: 1, reactions: { '🙏': [jonas.id, lena.id] } }),
    said(ada.id, today - 30 * MINUTE, 'And the second van is confirmed for 06:30.', {
      before: 'And the second van is confirmed for 06:00.',
    }),
    said(tom.id, today - 26 * MINUTE, 'Wrong channel, sorry', { deletedBy: tom.id }),
    said(jonas.id, today - 22 * MINUTE, 'Perfect 🧡 then we are set.'),
    said(lena.id, today - 9 * MINUTE, 'A customer asks whether the boxes from the old wall can be kept apart. _Very_ good fruit, they say.'),
    said(lena.id, today - 8 * MINUTE, '> We would pay a little more for those.\n\nWorth a thought?'),
    said(mei.id, today - 3 * MINUTE, 'Yes. I can draw a small mark for those boxes, something with the wall.', {
      answers: 1,
      reactions: { '💡': [lena.id, ada.id], '🧱': [tom.id] },
    }),
  ];
}

function general(day: number): Said[] {
  return [
    { by: ada.id, at: day - 20 * DAY, joined: ada.id },
    said(ada.id, day - 20 * DAY + MINUTE, 'Welcome to Loquat. This is where we talk from now on.'),
    said(sofia.id, day - 20 * DAY + 3 * MINUTE, 'Hola 👋'),
    { by: ada.id, at: day - 10 * DAY, renamed: 'general' },
    said(lena.id, day + 4 * HOUR, '<!channel> The kitchen is closed on Friday, they fix the sink.'),
  ];
}

function withMei(yesterday: number, today: number): Said[] {
  return [
    said(mei.id, yesterday + HOUR, 'Do you have ten minutes for the label?'),
    said(ada.id, yesterday + HOUR + 2 * MINUTE, 'Sure, after lunch.'),
    said(mei.id, today - 14 * MINUTE, 'Here are the two versions: https://design.example/labels/7', { pinned: true }),
    said(ada.id, today - 12 * MINUTE, 'The second one. It reads well from two metres.', {
      answers: 1,
      reactions: { '❤️': [mei.id] },
    }),
    said(mei.id, today - 6 * MINUTE, 'That is what I hoped you would say.'),
  ];
}
