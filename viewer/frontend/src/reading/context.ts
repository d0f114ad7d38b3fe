// The room for every part of the page that needs it.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Room } from './room';

export const RoomContext = createContext<Room | null>(null);

export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error('No room around this part.');
  return room;
}
