// The page around the room: header, three columns, dialogs; or why the case cannot be opened.
import { RoomContext } from './context';
import { Dialogs } from './dialogs';
import { Header } from './header';
import { Panel } from './panel';
import { Rail } from './rail';
import type { Room } from './room';
import { Tools } from './tools';
import { View } from './view';

export function Page({ room }: { room: Room }) {
  if (room.failure.value) {
    return (
      <main class="failure" data-testid="failure">
        <h1>This case cannot be opened</h1>
        <p>{room.failure.value}</p>
        <p>
          <a href="/worklist">Back to the worklist</a>
        </p>
      </main>
    );
  }
  if (!room.view.value) {
    return (
      <p class="opening" role="status">
        Opening the case …
      </p>
    );
  }
  return (
    <RoomContext.Provider value={room}>
      <Header />
      <main class="room">
        <Rail />
        <section class={`views columns-${room.views.columns.value}`} aria-label="Images">
          <Tools />
          <View index={0} />
          {room.views.columns.value === 2 && <View index={1} />}
        </section>
        <Panel />
      </main>
      <Dialogs />
    </RoomContext.Provider>
  );
}
