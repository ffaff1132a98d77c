import { readAnsible } from './ansible';
import { readCompose } from './compose';
import { readJulieOps, readKafkaGitops } from './gitops';
import { onceParsed } from './yaml/document';

export { readKubernetes as kubernetes } from './kubernetes';

/** All readers of YAML, loaded together. Their library takes a large file in steps, whatever is made of it then. */
export const compose = onceParsed(readCompose);
export const ansible = onceParsed(readAnsible);
export const julieOps = onceParsed(readJulieOps);
export const kafkaGitops = onceParsed(readKafkaGitops);
