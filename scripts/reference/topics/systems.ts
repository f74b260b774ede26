/**
 * A system: params, memory, messages, roles, tags, symmetry, and memory models.
 * @module systems
 */
export {
  asCall,
  asStore,
  defineSystem,
  ghost,
  type MemoryModel,
  type MessageSpec,
  memoryModels,
  owned,
  type ParamSpec,
  type ParamValues,
  posted,
  type RegionSpec,
  type RoleSpec,
  rendezvous,
  type SymmetrySpec,
  type System,
  type SystemSpec,
  shared,
  type TypesOf,
} from 'precopy';
