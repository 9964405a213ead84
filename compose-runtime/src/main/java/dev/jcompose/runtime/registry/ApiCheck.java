package dev.jcompose.runtime.registry;

import java.io.IOException;
import java.net.URI;

/** Asks whether a registry speaks the protocol and takes who is asking. */
record ApiCheck() implements Endpoint<Boolean> {
    @Override
    public String method() {
        return "GET";
    }

    @Override
    public URI uri(URI repository) {
        return repository;
    }

    @Override
    public Boolean read(Answer answer) throws IOException {
        answer.close();
        return true;
    }

    @Override
    public String what() {
        return "the login";
    }

    @Override
    public String actions() {
        return "";
    }
}
