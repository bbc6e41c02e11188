// Drawn faces for the people of the scripted host, as data URLs.

interface Looks {
  ground: string;
  skin: string;
  hair: string;
  shirt: string;
  long: boolean;
}

const ANYBODY: Looks = { ground: '#d7d2e6', skin: '#efc9a3', hair: '#2b2326', shirt: '#f4f1ea', long: false };

const LOOKS: Record<string, Looks> = {
  u_ada: { ground: '#f3d7a8', skin: '#f0c7a4', hair: '#5b3a29', shirt: '#3f6b57', long: true },
  u_mei: { ground: '#cfe3ea', skin: '#f2cda8', hair: '#1f1c22', shirt: '#d9785a', long: true },
  u_tom: { ground: '#d8dcc3', skin: '#7a4a32', hair: '#1a1512', shirt: '#e0b04a', long: false },
  u_sofia: { ground: '#f1cfc8', skin: '#e2ab82', hair: '#3b221a', shirt: '#4b5f8f', long: true },
};

export function portrait(person: string): string {
  const { ground, skin, hair, shirt, long } = LOOKS[person] ?? ANYBODY;
  const locks = long ? `<path d="M20 34c0-15 6-21 12-21s12 6 12 21l3 14H17Z" fill="${hair}"/>` : '';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="${ground}"/>${locks}<path d="M10 64c1-13 10-18 22-18s21 5 22 18Z" fill="${shirt}"/><path d="M27 38h10v9c-2 4-8 4-10 0Z" fill="${skin}"/><ellipse cx="32" cy="30" rx="10.500" ry="12.500" fill="${skin}"/><path d="M21 29c-1-11 5-16 11-16s12 5 11 16c-2-6-5-8-8-9-5 3-11 2-14 9Z" fill="${hair}"/></svg>`;
  return `data:image/svg+xml;base64,${btoa(svg)}`;
}
