import type { ownersTexts as english } from '../../commands/owners.ts';
import { list } from '../../fit.ts';
import type { Translated } from '../translated.ts';

export const ownersTexts: Translated<typeof english> = {
  offered: ({ who, group }) => `${who} tiene 72 horas para responder SÍ y tomar "${group}". Hasta entonces es tuyo.`,
  offerToSelf: ({ group }) => `"${group}" ya es tuyo.`,
  offerCannot: ({ who, group }) => `${who} salió o no recibe mensajes nuestros, así que no puede tomar "${group}".`,
  notOffered: ({ group }) => `Nadie espera que tomes "${group}", así que no se cambió nada.`,
  shared: ({ who, group }) =>
    `${who} ahora maneja "${group}" contigo: puede todo menos entregarlo, borrarlo o ver su saldo. *dueño quitar NOMBRE lo termina.`,
  unshared: ({ who, group }) => `${who} ya no maneja "${group}" contigo.`,
  isOwner: ({ who, group }) => `"${group}" es de ${who}. No se cambió nada.`,
  isCoOwner: ({ who, group }) => `${who} ya maneja "${group}" contigo.`,
  noCoOwner: ({ who, group }) => `${who} no maneja "${group}".`,
  owners: ({ group, who }) => `Dueños de "${group}": ${list(who, 200)}.`,
};
