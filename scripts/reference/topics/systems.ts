/**
 * A system: params, memory, messages, roles, tags, symmetry, and memory models.
 * @module systems
 */
export {
  asCall,
  asStore,
  defineSystem,
  type Extended,
  ghost,
  type MemoryModel,
  type MessageSpec,
  memoryModels,
  type OptionalRole,
  owned,
  type ParamSpec,
  type ParamValues,
  posted,
  type RegionSpec,
  type RoleSpec,
  rendezvous,
  type SecondRole,
  type SymmetrySpec,
  type System,
  type SystemSpec,
  shared,
  type TypesOf,
} from 'precopy';
