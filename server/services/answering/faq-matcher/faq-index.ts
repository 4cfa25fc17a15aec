import type { MatcherArtifacts } from './artifacts'
import type { EncoderSpace } from './encoder/encoder-space'
import type { Negative } from './learning'
import type { AlignmentField } from './signals/alignment'
import type { Postings } from './signals/postings'
import type { SiteSpeller } from './text/spelling'

/** Rows of equal width, one after the other. */
export interface Vectors {
  width: number
  data: Float32Array
}

/** The site's texts under the sentence encoder; added to an index when the encoder has done its work. */
export interface EncodedFaqs {
  /** unit vectors of the phrasings as the encoder gave them, and their means by FAQ */
  plain: Vectors
  plainCentroids: Vectors
  /** the same under the learned metric */
  metric: Vectors
  metricCentroids: Vectors
  /** answers' sentences under the metric, with the FAQ of each row */
  answers: Vectors
  answerFaqs: Int32Array
  /** ridge classifier over static and encoder vectors together: weights[i * faqs + f] */
  classifier: Float32Array
  space: EncoderSpace
}

/** Everything matching needs, built once per change of the FAQs and never changed afterwards. */
export interface FaqIndex {
  artifacts: MatcherArtifacts
  faqIds: string[]
  /** exact key of a question or phrasing → position in `faqIds` */
  exact: Map<string, number>
  /** the site itself has small talk among its FAQs: then it is not dismissed */
  answersSmallTalk: boolean
  /** phrasing → FAQ */
  phraseFaq: Int32Array
  phrasesPerFaq: Int32Array
  /** texts for the encoder: phrasings in order, then the answers' sentences */
  phraseTexts: string[]
  answerTexts: string[]
  answerFaqs: Int32Array
  speller: SiteSpeller
  greekTerms: Set<string>
  /** term → weight in this site, general weight included */
  termIdf: Map<string, number>
  unseenIdf: number
  words: Postings
  grams: Postings
  gramIdf: Map<number, number>
  alignment: AlignmentField
  /** static vectors of the phrasings, their means by FAQ, and of the answers' sentences, all under the metric */
  statics: Vectors
  staticCentroids: Vectors
  staticAnswers: Vectors
  glove: Vectors
  gloveMean: Float32Array
  /** ridge classifier over the static vectors: weights[i * faqs + f] */
  classifier: Float32Array
  /** term → FAQs whose question, phrasings or answer hold it */
  coverage: Map<string, Int32Array>
  /** background questions, static vectors under the metric */
  background: Vectors
  negatives: readonly Negative[]
  encoded: EncodedFaqs | null
}
