package checker

// checkNFT loads the file into an empty ruleset.
func checkNFT(c Candidate) error {
	if _, err := run(nil, "nft", "flush", "ruleset"); err != nil {
		return err
	}
	_, err := run(c.Text, "nft", "-f", "-")
	return err
}

// checkRestore loads the file as both families do: each passes over the lines that
// are for the other. A load empties the tables first.
func checkRestore(c Candidate) error {
	for _, name := range []string{"iptables-restore", "ip6tables-restore"} {
		if _, err := run(c.Text, name); err != nil {
			return err
		}
	}
	return nil
}
