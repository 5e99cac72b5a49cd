package apparmor

import (
	"fmt"
	"strings"
)

// Set is a set of words out of one [Vocabulary].
type Set [2]uint64

// Union returns the words that are in either set.
func (s Set) Union(o Set) Set { return Set{s[0] | o[0], s[1] | o[1]} }

// Minus returns the words of s that are not in o.
func (s Set) Minus(o Set) Set { return Set{s[0] &^ o[0], s[1] &^ o[1]} }

// Intersection returns the words that are in both sets.
func (s Set) Intersection(o Set) Set { return Set{s[0] & o[0], s[1] & o[1]} }

// Intersects reports whether a word is in both sets.
func (s Set) Intersects(o Set) bool { return s.Intersection(o) != Set{} }

// Vocabulary is the list of words that may stand in one place of a rule.
type Vocabulary struct {
	what  string // for messages
	words []string
	index map[string]int
}

// vocabulary makes a Vocabulary of at most 128 words, in the order in which
// they are written.
func vocabulary(what string, words ...string) *Vocabulary {
	v := &Vocabulary{what: what, words: words, index: make(map[string]int, len(words))}
	for i, w := range words {
		v.index[w] = i
	}
	return v
}

// Has reports whether the word is one of the vocabulary.
func (v *Vocabulary) Has(word string) bool {
	_, ok := v.index[word]
	return ok
}

// Parse returns the set of the words. The error names the first that is not in
// the vocabulary.
func (v *Vocabulary) Parse(words ...string) (set Set, err error) {
	for _, w := range words {
		i, ok := v.index[w]
		if !ok {
			return Set{}, fmt.Errorf("unknown %s %q", v.what, w)
		}
		set[i/64] |= 1 << (i % 64)
	}
	return set, nil
}

// set is Parse for the tables of this package.
func (v *Vocabulary) set(words ...string) Set {
	set, err := v.Parse(words...)
	if err != nil {
		panic(err)
	}
	return set
}

// Words returns the words of the set in their canonical order.
func (v *Vocabulary) Words(set Set) []string {
	var words []string
	for i, w := range v.words {
		if set[i/64]>>(i%64)&1 != 0 {
			words = append(words, w)
		}
	}
	return words
}

// appendList appends "(a, b)".
func (v *Vocabulary) appendList(dst []byte, set Set) []byte {
	dst = append(dst, '(')
	dst = append(dst, strings.Join(v.Words(set), ", ")...)
	return append(dst, ')')
}
