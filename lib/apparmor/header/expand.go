package header

import (
	"errors"
	"fmt"
	"strings"
)

// Bounds of what one text with variables can become.
const (
	maxTexts  = 4096
	maxNested = 16 // variables in values of variables
)

// Expand returns the texts that the text stands for, one for each combination of
// the values of its variables. It is an error where one is not defined, where
// values name each other without end, and where there are over 4096 texts.
func Expand(text string, variables map[string][]string) ([]string, error) {
	return expand(text, variables, 0)
}

func expand(text string, variables map[string][]string, depth int) ([]string, error) {
	before, rest, ok := strings.Cut(text, "@{")
	name, after, closed := strings.Cut(rest, "}")
	if !ok || !closed {
		return []string{text}, nil
	}
	if depth > maxNested {
		return nil, fmt.Errorf("@{%s} has values without end", name)
	}
	values, defined := variables[name]
	if !defined {
		return nil, fmt.Errorf("@{%s} is not defined", name)
	}
	tails, err := expand(after, variables, depth)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, value := range values {
		heads, err := expand(value, variables, depth+1)
		if err != nil {
			return nil, err
		}
		if len(texts)+len(heads)*len(tails) > maxTexts {
			return nil, errors.New("variables that stand for too many texts")
		}
		for _, head := range heads {
			for _, tail := range tails {
				texts = append(texts, before+head+tail)
			}
		}
	}
	return texts, nil
}
