export { type HubSplit, type LoadTaskOptions, loadTasks, shippedTasks } from './load-tasks.js'
