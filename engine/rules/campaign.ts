import { keywords } from './keywords.ts';
import { prefixed } from './text.ts';
import { type Brand, texts } from './texts.ts';

/**
 * What a 10DLC registration asks for, under the names that Plivo’s campaign API gives its fields. Every text is made by
 * the table that the texts sent are made by, and with the same brand.
 */
export function campaignOf(brand: Brand, serviceNumber: string) {
  return {
    brand: brand.name,
    usecase: 'PROXY',
    usecase_note:
      'Group messaging by proxy numbers. A special use case: carriers have to approve it after it is filed. Where the console or API does not list it, open a ticket with the carrier.',
    description: `${brand.name} lets private groups (families, teams, clubs) talk by text. Each group has a phone number: what one member texts to it goes to the other members, with the sender's name before it. Members are people who know each other. The messages are written by the members; we send welcomes, PINs and answers to commands. No marketing, no lists that were bought.`,
    message_flow: `Two ways lead into a group. (1) A person creates a group, by texting ${serviceNumber} or in the app, and names its members, who have agreed with them to take part. Nobody is texted before the creator confirms with YES; then each member gets one welcome that names ${brand.name}, the group and who added them, and says how to leave, and what STOP and HELP do. (2) A person texts JOIN, the group's invite code and their name to ${serviceNumber}, which a member of the group has given them. They get the same welcome at once. Message frequency varies with what the members write. Message and data rates may apply. STOP at any time ends all texts, *bye leaves one group.${brand.terms === '' ? '' : ` Terms and privacy policy: ${brand.terms}`}${brand.support === '' ? '' : ` Help: ${brand.support}`}`,
    samples: [
      texts.welcome({ brand, group: 'Hikers', by: 'Ann', toOwner: false }),
      prefixed({ name: 'Ann', phone: '', text: 'Meet at the north gate at 9, bring water.' }),
      prefixed({ name: 'Bob', phone: '', text: 'Running late, start without me.' }),
      texts.newcomer({ who: 'Dee', group: 'Hikers', by: 'Ann' }),
      texts.pin({ pin: '123456' }),
    ],
    optin_keywords: ['JOIN', ...keywords.start],
    optin_message: texts.joined({ brand, group: 'Hikers', toOwner: false }),
    optout_keywords: [...keywords.stop],
    optout_message: texts.stopped({ brand }),
    help_keywords: [...keywords.help],
    help_message: texts.about({ brand }),
    flags: {
      subscriber_optin: true,
      subscriber_optout: true,
      subscriber_help: true,
      // Members write what they like, links and phone numbers too.
      embedded_link: true,
      embedded_phone: true,
      number_pool: false,
      affiliate_marketing: false,
      direct_lending: false,
      age_gated: false,
    },
  };
}
