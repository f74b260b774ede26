/**
 * Properties, the view of a state that they get, and the step that a cover gets.
 * @module properties
 */
export type {
  Each,
  MailTest,
  Premises,
  Properties,
  Property,
  PropertyHeader,
  Step,
  StrongPremise,
  TagTest,
  View,
} from 'precopy';
