import type {
  ConstraintDeclaration,
  Declaration,
  DocumentReading,
  PlacementDeclaration,
} from '../documents/declaration';
import { touches } from '../documents/span';

/** Every placement of a file, wherever it stands in it. */
export function placementsIn(reading: DocumentReading): readonly PlacementDeclaration[] {
  return reading.declarations.map(placementOf).filter((placement) => placement !== null);
}

function placementOf(declaration: Declaration): PlacementDeclaration | null {
  switch (declaration.kind) {
    case 'placement':
      return declaration;
    case 'topic':
      return declaration.placement?.kind === 'inline' ? declaration.placement.placement : null;
    case 'default':
      return declaration.default.of === 'placement' ? declaration.default.placement : null;
    case 'broker':
    case 'controller':
    case 'mount':
    case 'assignment':
    case 'cluster':
      return null;
  }
}

/** The constraint at an offset, with the placement it belongs to. */
export function constraintAt(
  reading: DocumentReading,
  offset: number,
): { readonly placement: PlacementDeclaration; readonly constraint: ConstraintDeclaration } | null {
  for (const placement of placementsIn(reading)) {
    const constraint = placement.constraints.find(({ span }) => touches(span, offset));
    if (constraint !== undefined) return { placement, constraint };
  }
  return null;
}
