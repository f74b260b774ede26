import { defineDesign } from 'precopy';
import { rmapXchg } from 'precopy/kvm';

export default defineDesign({
  ...rmapXchg,
  id: 'slow-ipi',
  costs: {
    writeProtectPage: { ns: 40, origin: 'reasoned: a cmpxchg of a cached word' },
    IPI: { ns: 2000, origin: 'reasoned: twice that of the profile' },
  },
});
