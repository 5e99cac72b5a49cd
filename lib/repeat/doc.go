// Package repeat knows two kinds of events that were there before: the same
// record met again in another log ([Window]), and another record that says the
// same ([Table]). Both are bounded; what they forget costs a repetition in the
// output, never an event.
package repeat
