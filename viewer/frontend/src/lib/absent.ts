// Stands for Node modules that do not exist in a browser and that nothing calls there.
export class EventEmitter {}
export default { EventEmitter };
export const create = () => undefined;
