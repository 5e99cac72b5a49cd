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
	before, name, after, ok := cutVariable(text)
	if !ok {
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

// cutVariable finds the first variable. "@" and an alternation is not one: that is
// the name of an abstract socket.
func cutVariable(text string) (before, name, after string, ok bool) {
	for i := 0; i+1 < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == '@' && text[i+1] == '{':
			name, after, ok = strings.Cut(text[i+2:], "}")
			if ok && name != "" && strings.Trim(name, nameBytes) == "" {
				return text[:i], name, after, true
			}
		}
	}
	return text, "", "", false
}

// nameBytes are those of a variable's name (parser_lex.l, VARIABLE_NAME).
const nameBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

// profileName replaces each variable by its value, or by an alternation of several.
func profileName(name string, variables map[string][]string) string {
	before, variable, after, ok := cutVariable(name)
	if !ok {
		return name
	}
	values, err := Expand("@{"+variable+"}", variables)
	switch {
	case err != nil || len(values) == 0:
		return name
	case len(values) == 1:
		before += values[0]
	default:
		before += "{" + strings.Join(values, ",") + "}"
	}
	return before + profileName(after, variables)
}
