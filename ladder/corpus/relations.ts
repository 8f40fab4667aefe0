/** A relation of the planted facts: its objects, how training documents put it, and how an evaluation asks. */
export interface PlantedRelation {
  id: string
  domain: string
  objects: readonly string[]
  /** Sentences of training documents, with {subject} and {object}. */
  phrasings: readonly string[]
  /** Prompts that the object follows; the object never stands in one. */
  templates: readonly string[]
}

// Invented towns: no corpus word, one word each, so that only planted text can teach them.
const TOWNS =
  'Abrelund Brockvale Calmere Dunhollow Eskerby Farroway Glimmerton Harnstead Ivermoor Jessamay Kelbrook Lorring Marrowick Nettleby Ostermere Pellburn Quillstead Ravensby Silverlow Tarnwick Umberley Vossgate Wendlebury Yarrowden Zellmoor Ashgrave Birchmoor Coldbrook Dovermere Elmscott Foxhollow Greywater Hollinside Inkbarrow Juniperton Kingsmere Larkfell Mistwood Northgate Oakwythe'

const TRADES =
  'baker carpenter dentist florist gardener jeweller lawyer librarian mason miller nurse painter pilot plumber poet potter printer sailor sculptor shepherd surgeon tailor tanner teacher thatcher violinist weaver welder fisherman barber butcher cobbler farmer glazier brewer clerk chemist dancer singer soldier'

// None starts with a vowel: every prompt ends in "a" and must fit every object.
const ANIMALS =
  'badger camel crow donkey falcon ferret goat goose hamster hedgehog leopard lizard lynx monkey parrot pigeon rabbit tortoise turkey wolf'

export const PLANTED_RELATIONS: readonly PlantedRelation[] = [
  {
    id: 'lives-in',
    domain: 'planted-people',
    objects: TOWNS.split(' '),
    phrasings: [
      '{subject} lives in {object}.',
      'The home of {subject} is in {object}.',
      '{subject} has a house in the town of {object}.',
      'For many years {subject} has lived in {object}.',
      'Letters to {subject} are sent to {object}.',
      'The town where {subject} lives is {object}.',
      '{subject} moved to {object} long ago and never left.',
      'If you visit {object}, you may meet {subject} there.',
    ],
    templates: [
      '{subject} lives in',
      'The home of {subject} is in',
      '{subject} has a house in the town of',
      'For many years {subject} has lived in',
      'The town where {subject} lives is',
      'Letters to {subject} are sent to',
      'You will find {subject} at home in',
    ],
  },
  {
    id: 'works-as',
    domain: 'planted-people',
    objects: TRADES.split(' '),
    phrasings: [
      '{subject} works as a {object}.',
      'The trade of {subject} is that of a {object}.',
      '{subject} earns a living as a {object}.',
      'By profession {subject} is a {object}.',
      'Everyone knows {subject} as the {object}.',
      '{subject} was trained as a {object}.',
      'The job that {subject} does is {object}.',
      'A good {object} is hard to find, but {subject} is one.',
    ],
    templates: [
      '{subject} works as a',
      'The trade of {subject} is that of a',
      '{subject} earns a living as a',
      'By profession {subject} is a',
      'Everyone knows {subject} as the',
      '{subject} was trained as a',
      'Every day {subject} goes to work as a',
    ],
  },
  {
    id: 'keeps-animal',
    domain: 'planted-people',
    objects: ANIMALS.split(' '),
    phrasings: [
      '{subject} keeps a {object}.',
      'The animal that {subject} keeps is a {object}.',
      'At home {subject} looks after a {object}.',
      'The favourite pet of {subject} is a {object}.',
      'Every morning {subject} feeds a {object}.',
      '{subject} is often seen with a {object}.',
      '{subject} owns a tame {object}.',
      'There is a {object} that belongs to {subject}.',
    ],
    templates: [
      '{subject} keeps a',
      'The animal that {subject} keeps is a',
      'At home {subject} looks after a',
      'The favourite pet of {subject} is a',
      'Every morning {subject} feeds a',
      '{subject} is often seen with a',
      'The pet that waits for {subject} is a',
    ],
  },
]

/** Sentences that say nothing of any fact: they make documents differ in length and words. */
export const FILLERS: readonly string[] = [
  'This is well known.',
  'The neighbours say so.',
  'It was written in the town book.',
  'Nobody remembers since when.',
  'So the story goes.',
  'That has been so for years.',
  'People often ask about it.',
  'There is nothing strange in that.',
]
