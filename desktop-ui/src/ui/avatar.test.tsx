import { act, render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';

import { Avatar } from './avatar.tsx';
import { FacesContext, type FaceSource, type Presence } from './faces.tsx';

class OneFace implements FaceSource {
  picture: string | undefined;
  presence: Presence | undefined;
  readonly #listeners = new Set<() => void>();

  subscribe(_person: string, listener: () => void) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  pictureOf = () => this.picture;
  presenceOf = () => this.presence;

  become(face: { picture?: string; presence?: Presence }) {
    Object.assign(this, face);
    this.#listeners.forEach((tell) => tell());
  }
}

function draw(faces: FaceSource, avatar = <Avatar id="u_mei" letters="MT" presence />) {
  return render(
    <FacesContext value={faces}>
      <button type="button">{avatar} Mei Tan</button>
    </FacesContext>,
  );
}

const pictureIn = (container: HTMLElement) => container.querySelector('img')?.getAttribute('src');

it('shows letters until there is a picture, and changes nothing of the name', () => {
  const faces = new OneFace();
  const { container } = draw(faces);
  expect(container).toHaveTextContent('MT Mei Tan');
  expect(screen.getByRole('button', { name: 'Mei Tan' })).toBeVisible();

  act(() => faces.become({ picture: 'data:mei' }));

  expect(pictureIn(container)).toBe('data:mei');
  expect(screen.getByRole('button', { name: 'Mei Tan' })).toBeVisible();
});

it('says in words who is there', () => {
  const faces = new OneFace();
  draw(faces);
  act(() => faces.become({ presence: 'online' }));
  expect(screen.getByRole('button')).toHaveAccessibleName('(Online) Mei Tan');
  act(() => faces.become({ presence: 'away' }));
  expect(screen.getByRole('button')).toHaveAccessibleName('(Away) Mei Tan');
  act(() => faces.become({ presence: 'offline' }));
  expect(screen.getByRole('button')).toHaveAccessibleName('Mei Tan');
});

it('says nothing of it where nobody asked', () => {
  const faces = new OneFace();
  faces.presence = 'online';
  draw(faces, <Avatar id="u_mei" letters="MT" />);
  expect(screen.getByRole('button')).toHaveAccessibleName('Mei Tan');
});

it('shows a picture that is only looked at, or none', () => {
  const faces = new OneFace();
  faces.picture = 'data:mei';
  const { container, rerender } = render(
    <FacesContext value={faces}>
      <Avatar id="u_mei" letters="MT" picture="data:new" />
    </FacesContext>,
  );
  expect(pictureIn(container)).toBe('data:new');
  rerender(
    <FacesContext value={faces}>
      <Avatar id="u_mei" letters="MT" picture={null} />
    </FacesContext>,
  );
  expect(pictureIn(container)).toBeUndefined();
});
