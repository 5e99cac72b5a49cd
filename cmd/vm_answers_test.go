package cmd_test

import "strings"

// lines returns the lines of a text that say something.
func lines(text string) (list []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// answersOf returns the answers of testdata/vm/act by id.
func answersOf(text string) map[string]string {
	answers := make(map[string]string)
	for _, line := range lines(text) {
		id, answer, _ := strings.Cut(line, " ")
		answers[id] = answer
	}
	return answers
}

// isDone reports whether an act was tried and AppArmor did not stop it.
func isDone(answer string) bool { return answer != "" && answer[0] != '?' && !isDenied(answer) }

// isDenied reports whether AppArmor stopped it; nothing else is in the way of an act.
func isDenied(answer string) bool {
	return answer == "EACCES" || answer == "EPERM" || answer == "killed"
}
