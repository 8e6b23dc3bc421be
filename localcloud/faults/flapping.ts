import type { Fault } from './fault.ts';
import { inMidFlight } from './region-loss.ts';

/**
 * A region is lost and returns again and again, for seconds or a minute or two each time: whoever looks at it now and then may see
 * it well, and whatever is done with it is broken off.
 */
export const flapping: Fault = {
  name: 'flapping',
  most: 0.5,
  targets: (_cloud, regions) => regions,
  happen(region, strike) {
    const { struck, cloud, between, undo } = strike;
    const { links, agenda } = cloud;
    inMidFlight(region, strike, () => {
      if (links.lost.size > 0) return;
      struck();
      let mine = false;
      let over = false;
      const lose = () => {
        if (over || links.lost.size > 0) return;
        mine = true;
        links.lose(region);
      };
      const restore = () => {
        if (mine) links.restore(region);
        mine = false;
      };
      lose();
      let length = between(2000, 100_000, 'gone');
      for (let time = between(1, 5, 'how often'); time > 0; time--) {
        agenda.at(cloud.now() + length, restore);
        agenda.at(cloud.now() + length + between(500, 60_000, `back ${time}`), lose);
        length += between(500, 60_000, `back ${time}`) + between(2000, 100_000, `gone ${time}`);
      }
      undo(length, () => {
        over = true;
        restore();
      });
    });
  },
};
