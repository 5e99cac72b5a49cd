// Package visible writes text so that a person sees all of it, and a terminal acts
// upon none of it. Every output of the suite goes through it: the stream's encoder,
// the text for people, messages and diffs; and what it would escape in a name no
// rule may hold.
//
// Hidden are the control characters, the two Unicode line breaks, the characters
// for private use, the noncharacters, and all that leave no mark where they stand:
// format characters (soft hyphen, zero width space, bidirectional controls, byte
// order mark, tags), fillers and variation selectors. Three kinds are not, since
// names of people's files have them and need them: the joiners U+200C and U+200D,
// blanks, and the Arabic signs that Unicode counts as format characters although
// they show.
//
// Characters that look like others are not hidden.
package visible
