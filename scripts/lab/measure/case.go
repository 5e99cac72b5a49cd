package main

import (
	"bufio"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// testCase is one pipeline and what its runs have cost so far.
type testCase struct {
	label  string
	input  string     // file for the first stage, "" for none
	stages [][]string // the words of each
	absent string     // a program that is not installed, "" when all are
	costs  []cost     // one for each run, the warming one first
	failed error      // of the last run that failed
}

// readCases reads cases as the package comment says them. The error names the
// line that is none.
func readCases(r io.Reader) (cases []*testCase, err error) {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		words := strings.Fields(lines.Text())
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		c, err := parseCase(words)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		cases = append(cases, c)
	}
	return cases, lines.Err()
}

func parseCase(words []string) (*testCase, error) {
	c := &testCase{label: words[0], stages: [][]string{nil}}
	for rest := words[1:]; len(rest) > 0; rest = rest[1:] {
		last := len(c.stages) - 1
		switch {
		case rest[0] == "|":
			c.stages = append(c.stages, nil)
		case rest[0] == "<" && len(rest) > 1 && last == 0:
			c.input, rest = rest[1], rest[1:]
		case rest[0] == "<":
			return nil, fmt.Errorf("%s: only the first stage reads a file", c.label)
		default:
			c.stages[last] = append(c.stages[last], rest[0])
		}
	}
	for _, s := range c.stages {
		if len(s) == 0 {
			return nil, fmt.Errorf("%s: a stage without a program", c.label)
		}
		if _, err := exec.LookPath(s[0]); err != nil {
			c.absent = s[0]
		}
	}
	return c, nil
}
