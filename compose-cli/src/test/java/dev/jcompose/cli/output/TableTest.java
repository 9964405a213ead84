package dev.jcompose.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columns_are_as_wide_as_their_widest_cell_and_at_least_as_dockers() {
        var table = new Table("NAME", "IMAGE", "PORTS");
        table.add("shop-database-1", "pg", "");
        table.add("w", "nginx:alpine", "0.0.0.0:80->80/tcp");

        assertThat(table.text().lines())
                .containsExactly(
                        "NAME              IMAGE          PORTS",
                        "shop-database-1   pg             ",
                        "w                 nginx:alpine   0.0.0.0:80->80/tcp");
    }
}
