/** Words that carry little of a question's meaning; they keep a quarter of their weight, never none. */
export const STOPWORDS: ReadonlySet<string> = new Set((
  'a an the is are was were be been am do does did to of in on at for with by from and or as it its this that these those '
  + 'i me my mine we us our you your he she they them his her their there here will would can could should shall may might must '
  + 'has have had having if then than so just also too very please hi hello hey thanks thank any some get got'
).split(' '))
