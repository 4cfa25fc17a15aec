import { exactKey } from './normalise'

/*
 * Greetings, thanks and politeness around a question say nothing about what is asked, and alone they are not a
 * question at all. English, Greek and Greeklish; folded.
 */
const OPENERS = `
hi|hi there|hello|hello there|hey|hey there|heya|hiya|yo|howdy|greetings|good morning|good afternoon|good evening|good day|morning|evening
dear team|dear all|dear sir|dear madam|dear sir or madam|hello everyone|hi everyone|hi team|hello team|hi guys|hello guys|hey guys|guys|team|folks|sir|madam|mam|bro|dear
hope you are well|hope you re well|hope you are doing well|hope all is well|i hope you are well|i hope you re doing well|how are you|how are you doing|how are you today|whats up|nice to meet you
excuse me|sorry to bother you|sorry to bother|quick question|just a quick question|a quick question|one question|another question|one more question|i have a question|i have a quick question|i got a question|question|just wondering|just curious|by the way|btw|ok|okay|ok so|so|well|also|um|uh|hmm|oh|ah|please|pls|plz|kindly|thanks|thank you
i was wondering|i am wondering|i m wondering|im wondering|was wondering|we were wondering|can i ask|could i ask|may i ask|can you tell me|could you tell me|could you please tell me|can you please tell me|please tell me|tell me|do you know|i would like to know|i d like to know|id like to know|i want to know|wanted to know|we would like to know|we d like to know|i need to know|let me know|please let me know|can you let me know|could you let me know|can you help me|could you help me|can you help|please help|please help me|help me|help
γεια|γεια σασ|γεια σου|γειασ|χαιρετε|χαιρεται|καλημερα|καλημερα σασ|καλησπερα|καλησπερα σασ|καλο μεσημερι|παρακαλω|συγγνωμη|μια ερωτηση|εχω μια ερωτηση|ηθελα να ρωτησω|θα ηθελα να ρωτησω|να ρωτησω κατι|να ρωτησω|θελω να ρωτησω|θα ηθελα να μαθω|μπορειτε να μου πειτε|πειτε μου|ελα|λοιπον
geia|geia sas|geia sou|geia sas kai pali|yeia|gia sas|xairete|xerete|kalimera|kalimera sas|kalhmera|kalhmera sas|kalispera|kalispera sas|kalhspera|parakalo|parakalw|signomi|sygnwmh|mia erotisi|mia erwthsh|exo mia erotisi|ithela na rotiso|hthela na rwthsw|tha ithela na rotiso|na rotiso kati|na rotiso|mporeite na mou peite|peite mou|loipon
`
const CLOSERS = `
thanks|thank you|thanks a lot|thanks so much|thank you so much|thank you very much|many thanks|thanks in advance|thank you in advance|thanks a million|ty|thx|tnx|cheers|much appreciated|appreciate it|i appreciate it|please|pls|plz|regards|best regards|kind regards|best|sincerely|best wishes|have a nice day|have a great day|have a good day|have a lovely day|bye|goodbye|talk soon|lol|haha|xx|xoxo|please help|help|help me|please let me know|let me know|please advise|kindly advise|sir|madam|mam|guys|team|dear|bro|ok|okay|hello|hi|hey|asap|sorry
ευχαριστω|ευχαριστω πολυ|ευχαριστω εκ των προτερων|ευχαριστουμε|ευχαριστουμε πολυ|σασ ευχαριστω|σασ ευχαριστω πολυ|παρακαλω|χαιρετω|φιλικα|καλη συνεχεια|γεια σασ|γεια
efxaristo|efxaristw|euxaristo|euxaristw|eyxaristo|eyxaristw|efharisto|efxaristo poli|efxaristo poly|efxaristw poly|efharisto poly|eyxaristo poly|euxaristo poly|euxaristw poly|efxaristoume|parakalo|parakalw
`
const ALONE = `
good|great|nice|cool|perfect|awesome|wonderful|super|yes|no|yeah|yep|yup|nope|sure|fine|alright|right|got it|i see|understood|nothing|never mind|nevermind|test|testing|lol|lmao|haha|hahaha|hehe|wow|omg|k|hm|hmm|ok thanks|ok thank you|ok bye|see you|see you later|good night|welcome|you are welcome|you re welcome|no thanks|no thank you|nice one|good job|well done|good bot|bad bot|i love you|love you|i hate you|are you a robot|are you a bot|are you human|are you real|are you there|anyone there|anybody there|is anyone there|is anybody there|who are you|what are you|what is your name|whats your name|how old are you|tell me a joke|i am bored|im bored|you are funny|you are so funny|you are stupid|you are useless|you re useless|shut up|what time is it|what day is it|who made you|do you love me|will you marry me|sing me a song|i am sad|i am happy|what is up|sup|wassup|what s up
ναι|οχι|οκ|ωραια|τελεια|ενταξει|καληνυχτα|αντιο|τιποτα|καλα|σωστα|μαλιστα|μπραβο|ειστε ρομποτ|εισαι ρομποτ|τι κανεισ|τι κανετε|σε αγαπω|πεσ μου ενα ανεκδοτο|πωσ σε λενε
nai|oxi|ok|oraia|wraia|teleia|entaxei|entaksei|kalinixta|kalinyxta|antio|tipota|bravo|ti kaneis|ti kanete|s agapo|pws se lene
`
const set = (lines: string) => new Set(lines.trim().split(/[|\n]/))
const openers = set(OPENERS)
const closers = set(CLOSERS)
const alone = new Set([...openers, ...closers, ...set(ALONE)])
const LONGEST = 6
const firstWords = new Set([...openers].map(phrase => phrase.split(' ')[0]!))
const lastWords = new Set([...closers].map(phrase => phrase.split(' ').at(-1)!))

/** Index range of `tokens` that is left after the politeness at both ends; empty when nothing else was said. */
export function questionRange(tokens: string[]): [start: number, end: number] {
  let start = 0
  let end = tokens.length
  let moved = true
  while (moved && start < end) {
    moved = false
    const mayOpen = firstWords.has(tokens[start]!)
    const mayClose = lastWords.has(tokens[end - 1]!)
    if (!mayOpen && !mayClose) break
    for (let n = Math.min(LONGEST, end - start); n > 0 && !moved; n--) {
      if (mayOpen && openers.has(tokens.slice(start, start + n).join(' '))) {
        start += n
        moved = true
      }
      else if (mayClose && closers.has(tokens.slice(end - n, end).join(' '))) {
        end -= n
        moved = true
      }
    }
  }
  return [start, end]
}

/** True when the message is nothing but greetings, thanks, yes or no, or chat about the bot itself. */
export function isSmallTalk(tokens: string[]): boolean {
  if (tokens.length > 8) return false
  if (alone.has(tokens.join(' '))) return true
  const [start, end] = questionRange(tokens)
  return start >= end || alone.has(tokens.slice(start, end).join(' '))
}

/** Exact key of a text without the politeness around it; of the whole text when there is nothing else. */
export function questionKey(text: string): string {
  const tokens = exactKey(text).split(' ')
  const [start, end] = questionRange(tokens)
  return start < end ? tokens.slice(start, end).join(' ') : tokens.join(' ')
}
