export interface SeedFaq { question: string, answer: string, phrasings: string[] }

/** The first FAQs of a wedding planner: an admin edits them, they are not put back. */
export const seedFaqs: SeedFaq[] = [
  {
    question: 'How do I book a wedding package?',
    answer: 'Choose a package on the [Packages](/packages) page, then write to us with your date and the number of guests. We hold the date for seven days without charge; it is yours once you have signed the agreement and paid the deposit.',
    phrasings: ['How can I make a booking?', 'I would like to reserve a package', 'What are the steps to book with you?', 'How do we get started?'],
  },
  {
    question: 'How much does a wedding with you cost?',
    answer: 'Our packages start at **€6,900** for a small wedding of up to 30 guests and **€14,500** for up to 90. Food, drinks and flowers are priced per guest; you find every price on the [Packages](/packages) page.',
    phrasings: ['What are your prices?', 'How expensive is it?', 'Do you have a price list?', 'What does a package cost?', 'Can I get a quote?'],
  },
  {
    question: 'What is included in a package?',
    answer: 'Every package includes the venue for the day, a planner of your own, the ceremony set-up, tables and linen, and coordination on the day. Catering, flowers, music and photography are chosen to taste. The [Packages](/packages) page compares them side by side.',
    phrasings: ['What do I get for the money?', 'Which services come with the package?', 'Is catering part of the package?', 'What does the planner do for us?'],
  },
  {
    question: 'How far in advance should we book?',
    answer: 'Nine to twelve months ahead gives you the best choice, and fifteen for a Saturday between June and September. For small weddings we have made lovely days in eight weeks, so ask in any case.',
    phrasings: ['How early do we have to book?', 'Is it too late to book for this summer?', 'When should we reserve the date?', 'How long before the wedding should we contact you?'],
  },
  {
    question: 'How much is the deposit and when is the rest due?',
    answer: 'The deposit is 25 % of the package, payable when you sign. Half of the rest is due six months before the day, and the balance four weeks before it. You can pay by bank transfer or card.',
    phrasings: ['When do we have to pay?', 'Do you ask for a down payment?', 'Can we pay in instalments?', 'Which payment methods do you accept?'],
  },
  {
    question: 'What happens if we have to cancel or move the date?',
    answer: 'You can move the date once without a fee up to 90 days before the wedding, as long as the new date is free. If you cancel more than 120 days before, we refund everything but the deposit; after that the costs we have already met for you are kept back.',
    phrasings: ['Can we change our wedding date?', 'What is your cancellation policy?', 'Do we get our money back if we cancel?', 'Can we postpone the wedding?'],
  },
  {
    question: 'Which locations can we choose from?',
    answer: 'We look after eight venues: seaside terraces and olive estates on Corfu and Paxos, a manor house in Epirus and a city garden in Athens. Photos are no match for a visit, so do come and see them; all are on the [Locations](/locations) page.',
    phrasings: ['Where can we get married?', 'Which venues do you have?', 'Do you have a place by the sea?', 'Can we marry outdoors?'],
  },
  {
    question: 'Can we visit a venue before we decide?',
    answer: 'Of course. Viewings are free and take about two hours, from Tuesday to Saturday. Tell us two dates that suit you and your planner meets you there; a viewing by video call works too.',
    phrasings: ['Can we see the location first?', 'How do I arrange a viewing?', 'Do you offer tours of the venue?', 'Is a video tour possible?'],
  },
  {
    question: 'How many guests can you host?',
    answer: 'From an elopement for two to a celebration with 240. Each venue has its own limit, seated and standing, shown on the [Locations](/locations) page.',
    phrasings: ['What is the maximum number of guests?', 'Is there a minimum number of people?', 'Can you do a wedding for 150 people?', 'Do you plan small weddings?'],
  },
  {
    question: 'Do you cater for vegetarians, vegans and allergies?',
    answer: 'Yes. Every menu has a vegetarian and a vegan line, and our kitchens cook gluten-free, lactose-free, halal and for nut allergies on request. Please give us the guests’ needs three weeks before the day.',
    phrasings: ['Is there vegan food?', 'Some guests have food allergies', 'Can you do a gluten free menu?', 'Do you offer halal or kosher meals?'],
  },
  {
    question: 'Can we taste the menu beforehand?',
    answer: 'Yes, a tasting for two is part of every package, usually three to four months before the wedding. Bring two more people for €45 each.',
    phrasings: ['Is there a menu tasting?', 'Can we try the food first?', 'When is the tasting?', 'Can our parents join the tasting?'],
  },
  {
    question: 'Do you have rooms for our guests?',
    answer: 'Four of our venues have rooms of their own, from 12 to 48. For the others we hold rooms in hotels near by at an agreed rate and give you a booking link for your guests. See [Rooms](/services/rooms).',
    phrasings: ['Where can the guests sleep?', 'Is there accommodation at the venue?', 'Can you book hotels for our guests?', 'Is there a bridal suite?'],
  },
  {
    question: 'What happens if it rains?',
    answer: 'Every outdoor venue has a covered plan B that is as pretty as plan A, and it is held for you at no charge. We decide together with you by noon on the day before.',
    phrasings: ['Do you have a bad weather plan?', 'Is there an indoor alternative?', 'What if the weather is bad?', 'Do we need a marquee?'],
  },
  {
    question: 'Can we bring our own suppliers, such as a photographer or a band?',
    answer: 'Gladly. Photographers, musicians, make-up artists and celebrants of your own are welcome without a fee; we only ask for their insurance papers a month ahead. Catering stays with our kitchens.',
    phrasings: ['Can we use our own photographer?', 'Are outside vendors allowed?', 'May we bring our own DJ?', 'Do we have to use your florist?'],
  },
  {
    question: 'How can I talk to a person?',
    answer: 'Write to [hello@vasilias-weddings.example](mailto:hello@vasilias-weddings.example) or ring +30 2661 055 500, Monday to Saturday from 10 to 18 (Greek time). You find the whole team on the [Contact](/contact) page.',
    phrasings: ['I want to speak to somebody', 'What is your phone number?', 'How do I contact you?', 'Can I talk to a human?', 'What are your opening hours?'],
  },
]
