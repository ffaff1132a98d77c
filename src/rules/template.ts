export { isTemplate } from '../documents/template';
