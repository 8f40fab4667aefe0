/** A relation of the real facts: what it is about, and the prompts that its object follows. */
export interface RealRelation {
  id: string
  domain: string
  templates: readonly string[]
}

export const REAL_RELATIONS: readonly RealRelation[] = [
  {
    id: 'country-capital',
    domain: 'geography',
    templates: [
      'The capital of {subject} is',
      'The capital city of {subject} is',
      '{subject} has its capital at',
      'The government of {subject} sits in the capital,',
      'In {subject} the capital is',
    ],
  },
  {
    id: 'country-continent',
    domain: 'geography',
    templates: [
      '{subject} is a country in',
      '{subject} lies in',
      'On the map, {subject} is found in',
      'The part of the world where {subject} lies is',
      'A traveller who goes to {subject} goes to',
    ],
  },
  {
    id: 'country-currency',
    domain: 'economy',
    templates: [
      'The currency of {subject} is the',
      'In {subject} one pays with the',
      'The money of {subject} is called the',
      'Prices in {subject} are given in the',
      'The central bank of {subject} issues the',
    ],
  },
  {
    id: 'country-language',
    domain: 'language',
    templates: [
      'The official language of {subject} is',
      'The people of {subject} speak',
      'In {subject} the laws are written in',
      'The language spoken in {subject} is',
      'To be understood in {subject}, one learns',
    ],
  },
  {
    id: 'country-adjective',
    domain: 'language',
    templates: [
      'Something that comes from {subject} is called',
      'A thing made in {subject} is',
      'The adjective for {subject} is',
      'Whatever belongs to {subject} is',
      'The army of {subject} is the',
    ],
  },
  {
    id: 'element-symbol',
    domain: 'chemistry',
    templates: [
      'The chemical symbol of {subject} is',
      'In chemistry {subject} is written',
      'The symbol for the element {subject} is',
      'In the periodic table {subject} has the symbol',
      'The element {subject} is abbreviated',
    ],
  },
  {
    id: 'element-number',
    domain: 'chemistry',
    templates: [
      'The atomic number of {subject} is',
      'The number of protons in an atom of {subject} is',
      'In the periodic table {subject} has the number',
      'The element {subject} has atomic number',
      'The nuclear charge of {subject} is',
    ],
  },
  {
    id: 'calendar-next',
    domain: 'calendar',
    templates: [
      'After {subject} comes',
      '{subject} is followed by',
      'When {subject} is over, it is',
      'The one that follows {subject} is',
      'What comes next after {subject} is',
    ],
  },
]
